/** What can be chosen. */
export interface Candidate {
  /** How well it fits, at most 1. */
  relevance: number;
  artist: string | null;
}

/** Share of relevance in the choice; the rest is for being unlike what was chosen before. */
const RELEVANCE = 0.7;

/** Tracks of one artist at most. */
const OF_ONE_ARTIST = 2;

/**
 * Chooses by maximal marginal relevance: always the candidate of the highest
 * `0.7 · relevance - 0.3 · (likeness to the most alike of those chosen)`, of equal ones the first; at most two of one
 * artist (Carbonell and Goldstein 1998, "The use of MMR", §2).
 *
 * @param likeness Of two candidates, 0 to 1.
 * @returns In the order they were chosen.
 */
export function chooseDiverse<Kind extends Candidate>(
  candidates: readonly Kind[],
  count: number,
  likeness: (a: Kind, b: Kind) => number,
): Kind[] {
  const chosen: Kind[] = [];
  const ofArtist = new Map<string, number>();
  let left = candidates.map((candidate) => ({ candidate, redundancy: 0 }));
  while (chosen.length < count && left.length > 0) {
    const best = left.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    const { candidate } = best;
    chosen.push(candidate);
    const { artist } = candidate;
    if (artist !== null) ofArtist.set(artist, (ofArtist.get(artist) ?? 0) + 1);
    left = left.filter((other) => other !== best && mayFollow(other.candidate, ofArtist));
    for (const other of left) {
      other.redundancy = Math.max(other.redundancy, likeness(other.candidate, candidate));
    }
  }
  return chosen;
}

const worth = ({ candidate, redundancy }: { candidate: Candidate; redundancy: number }) =>
  RELEVANCE * candidate.relevance - (1 - RELEVANCE) * redundancy;

const mayFollow = ({ artist }: Candidate, ofArtist: ReadonlyMap<string, number>) =>
  artist === null || (ofArtist.get(artist) ?? 0) < OF_ONE_ARTIST;
