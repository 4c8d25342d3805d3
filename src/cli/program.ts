import { Command } from 'commander';

/**
 * The commands, in the order of the help. Only the one that is asked for is loaded: the queue, the databases and
 * the decoders together take longer to load than many a command takes to run.
 */
const COMMANDS: Record<string, { description: string; load: () => Promise<() => Command> }> = {
  run: {
    description:
      'Plan, analyse and index a collection in one process. What an earlier run did is not done again.',
    load: async () => (await import('./run.ts')).runCommand,
  },
  enqueue: {
    description: "Put a collection on the queue, for workers to analyse, and print the run's id.",
    load: async () => (await import('./enqueue.ts')).enqueueCommand,
  },
  worker: {
    description: 'Take jobs of every stage until Ctrl-C. Start as many as you like, on any machine.',
    load: async () => (await import('./worker.ts')).workerCommand,
  },
  dashboard: {
    description: 'Serve the player, the Run pages and Bull Board until Ctrl-C.',
    load: async () => (await import('./dashboard.ts')).dashboardCommand,
  },
  runs: {
    description: 'List the runs of the data folder, newest first.',
    load: async () => (await import('./runs.ts')).runsCommand,
  },
  status: {
    description: 'Show how far a run is.',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  resume: {
    description:
      'Go on with a run: what is committed stays, what is missing, failed or lost from the queue is done.',
    load: async () => (await import('./resume.ts')).resumeCommand,
  },
  retry: {
    description: "Analyse failed tracks of a run again, by default those whose failure may be the machine's.",
    load: async () => (await import('./retry.ts')).retryCommand,
  },
  pause: {
    description: 'Stop a run after the partitions under way, until it is resumed.',
    load: async () => (await import('./stop.ts')).pauseCommand,
  },
  cancel: {
    description: 'Stop a run at once; what is analysed stays, and it can be resumed.',
    load: async () => (await import('./stop.ts')).cancelCommand,
  },
  similar: {
    description: 'The tracks that sound most like a track of the collection or an audio file.',
    load: async () => (await import('./similar.ts')).similarCommand,
  },
  path: {
    description: 'A way from a track to another through tracks that sound more and more like it.',
    load: async () => (await import('./path.ts')).pathCommand,
  },
  duplicates: {
    description: 'Groups of tracks that are the same recording, or sound as if.',
    load: async () => (await import('./duplicates.ts')).duplicatesCommand,
  },
  cluster: {
    description: 'Put the tracks of a run into clusters, by K-Means on the workers.',
    load: async () => (await import('./cluster.ts')).clusterCommand,
  },
  evaluate: {
    description: 'How well the clusters hold together, and how well the search finds what sounds alike.',
    load: async () => (await import('./evaluate.ts')).evaluateCommand,
  },
  index: {
    description: 'Show the live index, add the tracks of a run to it, remove tracks, merge its segments.',
    load: async () => (await import('./index-command.ts')).indexCommand,
  },
  tune: {
    description: 'Find the fastest setting of the search that has a recall, and store it in the index.',
    load: async () => (await import('./tune.ts')).tuneCommand,
  },
  features: {
    description: 'Print the descriptors of audio files, for checking them against other programs.',
    load: async () => (await import('./features.ts')).featuresCommand,
  },
  export: {
    description: 'Write one table of identity, metadata and features of the indexed collection.',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  'bench-search': {
    description: 'Measure the search on vectors of your own: recall, speed, build time, memory.',
    load: async () => (await import('./bench-search.ts')).benchSearchCommand,
  },
  password: {
    description: 'Hash a password, for ADMIN_PASSWORD_HASH and LISTENERS.',
    load: async () => (await import('./password.ts')).passwordCommand,
  },
  token: {
    description: 'Make an API token for a program, and its hash for API_TOKENS.',
    load: async () => (await import('./token.ts')).tokenCommand,
  },
  doctor: {
    description: 'Check Node, cores, the data folder, Redis and MongoDB, and say what to do about each.',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
};

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with some tracks failed.
Settings come from the environment, too: see docs/configuration.md.`;

/**
 * The command line; errors are thrown, for main.ts to end with the right code.
 *
 * @param name The first argument that is not `help`: the command to load, where it is one.
 */
export async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command('soundalike')
    .description('Music recommendation by sound, for collections of any size.')
    .version('0.1.0')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  for (const [command, { description, load }] of Object.entries(COMMANDS)) {
    const created = command === name ? (await load())() : new Command(command);
    program.addCommand(created.description(description).exitOverride());
  }
  return program;
}
