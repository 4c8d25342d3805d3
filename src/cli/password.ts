import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { ADMIN_PASSWORD_LENGTH, hashPassword } from '../credentials/password.ts';
import { SoundalikeError } from '../errors.ts';

const EXAMPLE = `
The password comes from stdin, because arguments stand in histories and in the list of processes.

Examples:
  soundalike password < password.txt
  ADMIN_PASSWORD_HASH=$(systemd-ask-password | soundalike password) soundalike dashboard
  LISTENERS="ada:$(soundalike password < ada.txt)" soundalike dashboard`;

export function passwordCommand(): Command {
  return new Command('password').addHelpText('after', EXAMPLE).action(async () => {
    if (process.stdin.isTTY) process.stderr.write('Type the password, Enter and Ctrl-D:\n');
    // The line break that ends a file or an input is no part of the password.
    const password = (await text(process.stdin)).replace(/\r?\n$/, '');
    const { least, most } = ADMIN_PASSWORD_LENGTH;
    if (password.length < least || password.length > most) {
      throw new SoundalikeError('USAGE', `the password must have ${least} to ${most} characters`);
    }
    process.stdout.write(`${await hashPassword(password)}\n`);
  });
}
