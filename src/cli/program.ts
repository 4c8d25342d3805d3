import { Command } from 'commander';
import { dashboardCommand } from './dashboard.ts';
import { doctorCommand } from './doctor.ts';
import { enqueueCommand } from './enqueue.ts';
import { exportCommand } from './export.ts';
import { featuresCommand } from './features.ts';
import { resumeCommand } from './resume.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { similarCommand } from './similar.ts';
import { statusCommand } from './status.ts';
import { workerCommand } from './worker.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with some tracks failed.
Settings come from the environment, too: see docs/configuration.md.`;

/** The whole command line; errors are thrown, for main.ts to end with the right code. */
export function createProgram(): Command {
  const program = new Command('soundalike')
    .description('Music recommendation by sound, for collections of any size.')
    .version('0.1.0')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  const commands = [
    runCommand,
    enqueueCommand,
    workerCommand,
    dashboardCommand,
    runsCommand,
    statusCommand,
    resumeCommand,
    similarCommand,
    featuresCommand,
    exportCommand,
    doctorCommand,
  ];
  for (const create of commands) program.addCommand(create().exitOverride());
  return program;
}
