"""Requests of a real OpenSubsonic client, py-opensonic, as it sends them: test/fixtures/dashboard/py-opensonic.json.

Run by hand, against a dashboard of the tests' fakes or any other with the user `ada` (SUBSONIC_USERS):

    npx tsx test/oracle/serve-fakes.ts            # prints its address
    pip install py-opensonic==10.4.1
    python test/oracle/subsonic_client.py http://127.0.0.1:PORT

The client asks a proxy that hands everything on and writes it down. It reads the answers into types of its own, and so
finds what is missing in them. The path and the similar tracks are checked here, too.
"""

import asyncio
import contextlib
import json
import sys
from pathlib import Path

import aiohttp
from aiohttp import web
from libopensonic import AsyncConnection

USER, PASSWORD = "ada", "sesame-open-wide"
OUTPUT = Path(__file__).parent.parent / "fixtures" / "dashboard" / "py-opensonic.json"
SERVER = sys.argv[1]
requests = []


async def hand_on(request: web.Request) -> web.Response:
    body = await request.read()
    requests.append({"method": request.method, "path": request.path_qs, "body": body.decode()})
    headers = {"Content-Type": request.headers.get("Content-Type", "")}
    async with aiohttp.ClientSession() as session:
        async with session.request(request.method, SERVER + request.path_qs, data=body, headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)


async def use(client: AsyncConnection) -> None:
    assert await client.ping()
    assert (await client.get_license())["license"]["valid"] is True
    extensions = {extension.name for extension in await client.get_open_subsonic_extensions()}
    assert {"sonicSimilarity", "formPost", "apiKeyAuthentication"} <= extensions
    # 10.4.1 takes the object `musicFolders` for the list in it; the request is good.
    with contextlib.suppress(ValueError):
        await client.get_music_folders()
    await client.get_scan_status()
    await client.get_playlists()
    await client.get_starred2()

    artists = [artist for index in (await client.get_artists()).index for artist in index.artist]
    assert len((await client.get_indexes()).index) > 0
    artist = await client.get_artist(artists[0].id)
    album = await client.get_album(artist.album[0].id)
    song = await client.get_song(album.song[0].id)
    assert (song.artist_id, song.album_id) == (artist.id, album.id)
    folder = await client.get_music_directory(album.id)
    assert [child.id for child in folder.child] == [child.id for child in album.song]

    for kind in ("random", "newest", "alphabeticalByName", "alphabeticalByArtist", "frequent"):
        await client.get_album_list2(kind, size=5)
    assert len(await client.get_random_songs(size=3)) == 3
    genres = await client.get_genres()
    assert len(await client.get_songs_by_genre(genres[0].value, count=2)) == 2
    found = await client.search3(artist.name.split()[0], song_count=4)
    assert artist.id in {one.id for one in found.artist}
    assert len((await client.search3('""', song_count=50, song_offset=50)).song) > 0

    similar = await client.get_sonic_similar_tracks(song.id, count=5)
    assert len(similar) == 5 and song.id not in {match.entry.id for match in similar}
    assert sorted(similar, key=lambda match: -match.similarity) == similar
    far = similar[-1].entry.id
    path = await client.find_sonic_path(song.id, far, count=6)
    assert (path[0].entry.id, path[-1].entry.id, len(path) <= 6) == (song.id, far, True)
    assert len(await client.get_similar_songs(song.id, count=5)) == 5
    assert len(await client.get_similar_songs2(artist.id, count=5)) == 5
    assert await client.get_top_songs(artist.name) == []

    for ask in (client.stream, client.download):
        audio = await (await ask(song.id)).read()
        assert audio[:4] == b"RIFF", audio[:40]
    assert await client.scrobble(song.id, submission=False)
    assert await client.scrobble(song.id)


async def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hand_on)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    for how in ({}, {"use_get": True}, {"legacy_auth": True, "use_views": False}):
        client = AsyncConnection("http://127.0.0.1", USER, PASSWORD, port=port, **how)
        await use(client)
        await client.cleanup()
    keyed = AsyncConnection("http://127.0.0.1", api_key=PASSWORD, port=port)
    await use(keyed)
    await keyed.cleanup()
    await runner.cleanup()
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("[\n" + ",\n".join(json.dumps(request) for request in requests) + "\n]\n")
    print(f"{len(requests)} requests, all answered as they should be")


asyncio.run(main())
