import { describe, expect, it } from 'vitest';
import {
  cleanCount,
  cleanDate,
  cleanGenre,
  cleanId,
  cleanLabel,
  cleanList,
  cleanName,
} from '../../src/dataset/values.ts';

describe('cleanId', () => {
  it.each([
    ['2', '000002', 'id padded'],
    ['000002', '000002', null],
    ['2.0', '000002', 'id padded'],
    [' 0000002 ', '000002', 'id padded'],
    ['0', '000000', 'id padded'],
    ['12345678', '12345678', null],
    [155320, '155320', null],
    ['', null, null],
    ['-1', null, null],
    [undefined, null, null],
    ['TRABC', null, 'id not a number'],
    ['2.5', null, 'id not a number'],
  ])('makes %j into %j', (cell, value, repair) => {
    expect(cleanId(cell)).toEqual({ value, repair });
  });
});

describe('cleanDate', () => {
  it.each([
    ['2009-01-05 00:00:00', '2009-01-05', 'date to ISO 8601'],
    ['2008-11-26 01:48:12', '2008-11-26T01:48:12', 'date to ISO 8601'],
    ['11/26/2008 01:48:12 AM', '2008-11-26T01:48:12', 'date to ISO 8601'],
    ['11/26/2008 12:00:05 PM', '2008-11-26T12:00:05', 'date to ISO 8601'],
    ['11/26/2008 12:30:00 AM', '2008-11-26T00:30:00', 'date to ISO 8601'],
    ['1/2/2008', '2008-01-02', 'date to ISO 8601'],
    ['2008-1-2', '2008-01-02', 'date to ISO 8601'],
    ['1999', '1999', null],
    [1999, '1999', null],
    ['1999.0', '1999', 'date to ISO 8601'],
    ['1999-05', '1999-05', null],
    ['2008-11-26T01:48Z', '2008-11-26T01:48:00Z', 'date to ISO 8601'],
    ['2008-11-26T01:48:12+02:00', '2008-11-26T01:48:12+02:00', null],
    [new Date(Date.UTC(2008, 10, 26, 1, 48, 12)), '2008-11-26T01:48:12Z', 'date to ISO 8601'],
    ['', null, null],
    ['2009-02-31', null, 'date not readable'],
    ['26/11/2008', null, 'date not readable'],
    ['0000-00-00', null, 'date not readable'],
    ['2008-11-26 25:00:00', null, 'date not readable'],
    ['yesterday', null, 'date not readable'],
  ])('makes %j into %j', (cell, value, repair) => {
    expect(cleanDate(cell)).toEqual({ value, repair });
  });
});

describe('cleanCount', () => {
  it.each([
    ['1293', 1293, null],
    ['0', 0, null],
    ['12.0', 12, null],
    ['-1', null, null],
    ['', null, null],
    ['nan', null, null],
    ['-7', null, 'number not readable'],
    ['1.5', null, 'number not readable'],
    ['many', null, 'number not readable'],
  ])('makes %j into %j', (cell, value, repair) => {
    expect(cleanCount(cell)).toEqual({ value, repair });
  });
});

describe('cleanName and cleanLabel', () => {
  it('strip surrounding white space of every kind, and nothing else', () => {
    expect(cleanName('\t The\u00a0 “Band” \n')).toEqual({
      value: 'The\u00a0 “Band”',
      repair: 'white space stripped',
    });
    expect(cleanName('Line\nbreak')).toEqual({ value: 'Line\nbreak', repair: null });
    expect(cleanName('nul\0byte').value).toBe('nulbyte');
  });

  it('take None for a missing genre, but not for a missing title', () => {
    expect(cleanName('None').value).toBe('None');
    expect(cleanLabel('None').value).toBeNull();
    expect(cleanName('  ').value).toBeNull();
  });
});

describe('cleanList and cleanGenre', () => {
  it.each([
    ['[21, 15]', ['21', '15'], null],
    [`['a', "it's", None, '', 'a']`, ['a', "it's"], null],
    ["[{'genre_id': '21', 'genre_title': 'Hip-Hop'}]", ['Hip-Hop'], null],
    [[{ genre_id: '21' }, 'x', 3, null], ['21', 'x', '3'], null],
    ['Rock; Pop|Folk,Jazz', ['Rock', 'Pop', 'Folk', 'Jazz'], null],
    ["['a', 'b", ['a', 'b'], 'list repaired'],
    ['["a", null]', ['a'], 'list repaired'],
    ['', [], null],
    [undefined, [], null],
  ])('make %j into %j', (cell, value, repair) => {
    expect(cleanList(cell)).toEqual({ value, repair });
  });

  it('take a text for one genre, and brackets for a list', () => {
    expect(cleanGenre('Folk, World, & Country').value).toEqual(['Folk, World, & Country']);
    expect(cleanGenre("['Folk', 'World']").value).toEqual(['Folk', 'World']);
  });
});
