#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ERRORS, messageOf, SoundalikeError } from '../errors.ts';
import { createProgram } from './program.ts';

// A reader that has seen enough (`soundalike export … | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  const program = await createProgram(process.argv.slice(2).find((argument) => argument !== 'help'));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has written the message (or the help) itself.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof SoundalikeError) {
    process.stderr.write(`soundalike: ${error.message} [${error.code}]\n`);
    process.exitCode = ERRORS[error.code].exit;
  } else {
    process.stderr.write(`soundalike: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
