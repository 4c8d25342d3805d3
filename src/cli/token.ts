import { Command, InvalidArgumentError } from 'commander';
import { API_TOKEN, hashSecret, newSecret } from '../credentials/token.ts';
import { jsonOption } from './options.ts';

const EXAMPLE = `
Example:
  soundalike token radio
  API_TOKENS=radio:… soundalike dashboard
  curl -H "Authorization: Bearer …" http://127.0.0.1:3000/api/tracks`;

export function tokenCommand(): Command {
  return new Command('token')
    .argument('<name>', 'the program it is for', checkName)
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLE)
    .action((name: string, { json }: { json?: boolean }) => {
      const token = newSecret();
      const setting = `${name}:${hashSecret(token)}`;
      process.stdout.write(
        json
          ? `${JSON.stringify({ name, token, setting })}\n`
          : `token, for the program; it is shown only now:\n  ${token}\nfor API_TOKENS:\n  ${setting}\n`,
      );
    });
}

function checkName(name: string): string {
  if (!API_TOKEN.test(`${name}:${hashSecret('')}`)) {
    throw new InvalidArgumentError('It must be up to 50 letters, digits, `.`, `-` and `_`.');
  }
  return name;
}
