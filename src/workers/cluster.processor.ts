import { runClusterTask } from './cluster-task.ts';
import { forkedProcessor } from './forked.ts';

export default forkedProcessor('cluster', ({ run, clustering, task }, { config }) =>
  runClusterTask(config.DATA_DIR, run, clustering, task),
);
