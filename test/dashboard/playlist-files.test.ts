import { describe, expect, it } from 'vitest';
import { writeJspf } from '../../src/dashboard/playlists/jspf.ts';
import { readLocation, readM3u, writeM3u } from '../../src/dashboard/playlists/m3u.ts';

const ENTRIES = [
  { title: 'Où?', artist: 'Été', album: 'Midi', seconds: 183.6, location: '032/où.mp3' },
  { title: 'take 7.wav', artist: null, album: null, seconds: 12, location: '#1.wav' },
  {
    title: 'Two\r\nlines',
    artist: 'A - B',
    album: null,
    seconds: 0.4,
    location: 'http://h/api/tracks/7/audio',
  },
];

describe('M3U', () => {
  it('is written as players read it', () => {
    expect(writeM3u('Late\nevening', ENTRIES)).toBe(
      `#EXTM3U
#PLAYLIST:Late evening
#EXTINF:184,Été - Où?
032/où.mp3
#EXTINF:12,take 7.wav
./#1.wav
#EXTINF:0,A - B - Two lines
http://h/api/tracks/7/audio
`,
    );
  });

  it('comes back as it was written', () => {
    const { name, locations } = readM3u(writeM3u('Late', ENTRIES));
    expect(name).toBe('Late');
    expect(locations.map(readLocation)).toEqual([{ path: '032/où.mp3' }, { path: '#1.wav' }, { id: '7' }]);
  });

  it('is read with a byte order mark, any line ends, comments and empty lines', () => {
    const text = '\uFEFF#EXTM3U\r\n\r\n# by hand\r#EXTINF:-1,x\n  a/b.mp3  \r\nc.mp3';
    expect(readM3u(text)).toEqual({ name: null, locations: ['a/b.mp3', 'c.mp3'] });
    expect(readM3u('')).toEqual({ name: null, locations: [] });
  });

  it.each([
    ['C:\\Music\\a\\b.mp3', { path: 'C:/Music/a/b.mp3' }],
    ['././a/b.mp3', { path: 'a/b.mp3' }],
    ['file:///home/anna/Music/a%20b.mp3', { path: '/home/anna/Music/a b.mp3' }],
    ['https://host:3000/api/tracks/a%2Fb/audio', { path: '/api/tracks/a/b/audio' }],
    ['http://[::1]:3000/api/tracks/000002/audio', { id: '000002' }],
    ['file:///broken%E0.mp3', { path: '/broken%E0.mp3' }],
    ['http://', { path: 'http://' }],
  ])('takes %s for what it names', (location, named) => {
    expect(readLocation(location)).toEqual(named);
  });
});

describe('JSPF', () => {
  it('is what xspf.org describes: milliseconds, locations as lists, nothing for what is unknown', () => {
    expect(JSON.parse(writeJspf('Late', '2026-03-02T20:15:00.000Z', ENTRIES))).toEqual({
      playlist: {
        title: 'Late',
        date: '2026-03-02T20:15:00.000Z',
        track: [
          { location: ['032/où.mp3'], title: 'Où?', creator: 'Été', album: 'Midi', duration: 183_600 },
          { location: ['#1.wav'], title: 'take 7.wav', duration: 12_000 },
          {
            location: ['http://h/api/tracks/7/audio'],
            title: 'Two\r\nlines',
            creator: 'A - B',
            duration: 400,
          },
        ],
      },
    });
  });
});
