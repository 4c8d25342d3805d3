import { MongoClient } from 'mongodb';
import { messageOf, SoundalikeError } from '../errors.ts';

/** A user waits for the error of a wrong address; the driver's own limit is 30 s. */
const SERVER_SELECTION_TIMEOUT_MS = 5_000;

/** `mongodb://user:password@…` in any text, a driver's messages among them. */
const redact = (text: string) => text.replaceAll(/(mongodb(?:\+srv)?:\/\/)[^@/\s]*@/g, '$1***@');

/**
 * Connects to MongoDB.
 *
 * @throws SoundalikeError MONGODB_UNREACHABLE, without the credentials.
 */
export async function connectMongodb(url: string): Promise<MongoClient> {
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(url, { serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS });
    await client.connect();
    return client;
  } catch (error) {
    await client?.close();
    throw new SoundalikeError(
      'MONGODB_UNREACHABLE',
      `no MongoDB answers at ${redact(url)} (${redact(messageOf(error))}): start it, or correct the URL and its credentials`,
    );
  }
}
