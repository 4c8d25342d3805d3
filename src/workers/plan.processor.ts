import { forkedProcessor } from './forked.ts';
import { planRun } from './plan-run.ts';

export default forkedProcessor('plan', ({ run }, { config }) => planRun(config.DATA_DIR, run));
