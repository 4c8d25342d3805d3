import type { PGlite } from '@electric-sql/pglite';
import {
  type BackendFactory,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  FlowProducer,
  type Job,
  type Processor,
  Queue,
  QueueEvents,
  type RedisQueueBackend,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { openEmbeddedPool } from './embedded-pool.ts';
import { jobOptions, type QueueName, STAGES, type StageName } from './registry.ts';

/** Nobody else can own an embedded queue, so a job that a killed process left is given out again soon. */
const EMBEDDED_LOCK_SECONDS = 10;

/** A queue a stage and one of what listeners do, on Redis or embedded; everything else is the same. */
export interface Queues {
  stages: Record<StageName, Queue>;
  activity: Queue;
  flow: FlowProducer;
  /** What happens to the jobs of a queue, in other processes too. Whoever asks for it closes it. */
  watch(queue: QueueName): QueueEvents;
  /** @param onEnd Is told when an attempt has ended, also one that BullMQ has no event for. */
  createWorker(
    queue: QueueName,
    processor: Processor | URL,
    options: Pick<WorkerOptions, 'concurrency' | 'workerForkOptions' | 'name'>,
    onEnd?: (job: Job) => void,
  ): Worker;
  close(): Promise<void>;
}

/**
 * BullMQ has no event for the end of an attempt whose job was put off, was lost with the queue, or was given to another
 * worker meanwhile.
 */
class EndingWorker extends Worker {
  constructor(
    queue: QueueName,
    processor: Processor | URL,
    options: WorkerOptions,
    backend: BackendFactory<RedisQueueBackend>,
    readonly onEnd: (job: Job) => void = () => {},
  ) {
    super(queue, processor, options, backend);
  }

  override async processJob(...attempt: Parameters<Worker['processJob']>): ReturnType<Worker['processJob']> {
    const [job] = attempt;
    try {
      return await super.processJob(...attempt);
    } finally {
      this.onEnd(job);
    }
  }
}

/**
 * Opens the queues on a server or on the embedded database; whoever opened that closes it.
 *
 * @param onError Is told of connection faults; BullMQ itself tries again for ever.
 */
export async function openQueues(
  config: Pick<Config, 'QUEUE_PREFIX' | 'LOCK_SECONDS'>,
  server: Redis | PGlite,
  onError: (error: Error) => void,
): Promise<Queues> {
  const onRedis = server instanceof Redis;
  // BullMQ's types tie connection and backend together per class; the two agree here by construction.
  const connection = (onRedis ? server : await openEmbeddedPool(server)) as ConnectionOptions;
  const backend = (onRedis ? createRedisBackend : createPostgresBackend) as BackendFactory<RedisQueueBackend>;
  const lockSeconds = onRedis ? config.LOCK_SECONDS : EMBEDDED_LOCK_SECONDS;
  const shared = { connection, prefix: config.QUEUE_PREFIX };

  const openQueue = (name: QueueName) => {
    const queue = new Queue(name, { ...shared, defaultJobOptions: jobOptions[name] }, backend);
    queue.on('error', onError);
    return queue;
  };
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, openQueue(stage)])) as Record<
    StageName,
    Queue
  >;
  const activity = openQueue('activity');
  const flow = new FlowProducer(shared, backend);
  flow.on('error', onError);

  return {
    stages,
    activity,
    flow,
    watch(queue) {
      const events = new QueueEvents(queue, shared, backend);
      events.on('error', onError);
      return events;
    },
    createWorker(queue, processor, options, onEnd) {
      const worker = new EndingWorker(
        queue,
        processor,
        {
          ...shared,
          ...options,
          lockDuration: lockSeconds * 1_000,
          stalledInterval: (lockSeconds * 1_000) / 2,
          // A job whose worker died is not at fault: a file that kills its process fails the attempt instead.
          maxStalledCount: 100,
          // An idle worker sees a delayed retry after this many seconds at the latest.
          drainDelay: 1,
          metrics: { maxDataPoints: 60 * 24 },
        },
        backend,
        onEnd,
      );
      worker.on('error', onError);
      return worker;
    },
    async close() {
      await Promise.all([...Object.values(stages), activity, flow].map((client) => client.close()));
    },
  };
}
