import { InvalidArgumentError, Option } from 'commander';

/** A whole number from `least` upwards, as a commander argument parser. */
export function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number of ${least} or more.`);
    }
    return number;
  };
}

/** A share above 0, as a commander argument parser. */
export function share(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0 && number <= 1) return number;
  throw new InvalidArgumentError('It must be above 0 and at most 1.');
}

export const dataOption = () => new Option('--data <folder>', 'data folder (default: DATA_DIR, else ./data)');

export const jsonOption = () => new Option('--json', 'print JSON on stdout');

export const concurrencyOption = () =>
  new Option(
    '--concurrency <n>',
    'forked processors (default: CONCURRENCY, else the number of cores)',
  ).argParser(wholeNumber(1));

export const portOption = () =>
  new Option(
    '--port <port>',
    'port of the dashboard (default: PORT, else 3000; 0 takes a free one)',
  ).argParser(wholeNumber(0));
