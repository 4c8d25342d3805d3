/*
 * MPEG audio, layers 1 to 3, as one channel: the mean of two. minimp3 (https://github.com/lieff/minimp3) decodes; this
 * file finds the frames of a stream that comes in pieces, and mixes before the transforms, which are linear. So a stereo
 * file costs little more than a mono one, and of mid-side stereo the sides are not even read.
 */
#define MINIMP3_IMPLEMENTATION
#define MINIMP3_FLOAT_OUTPUT
#define MINIMP3_ONLY_SIMD
#include "minimp3.h"

#define EXPORT(name) __attribute__((export_name(#name)))

#define INPUT_BYTES 32768
/** The longest frame: layer 2 at 160 kbit/s and 8 kHz, padded. */
#define MOST_FRAME_BYTES 2881
/** Frames that must follow one that does not itself follow another. */
#define FOLLOWING 2
/** With this many bytes no answer depends on what the next piece holds. */
#define LOOKAHEAD_BYTES ((1 + FOLLOWING) * MOST_FRAME_BYTES + HDR_SIZE)
/** Samples per byte are most at 8 kbit/s and 24 kHz, where 24 bytes give 576. */
#define OUTPUT_LENGTH (INPUT_BYTES * 24)
#define GRANULE 576
#define LAYER_3 1

static uint8_t input[INPUT_BYTES];
static float output[OUTPUT_LENGTH];

/** All that a frame leaves for the next. */
static struct {
    mp3dec_t decoder;
    mp3dec_scratch_t scratch;
    /** Bytes of `input` that wait. */
    int filled;
    int sample_rate;
    int channels;
} state;

/** Hz, of the last frame. */
EXPORT(sampleRate) int sample_rate(void) { return state.sample_rate; }

/** The most that a frame had. */
EXPORT(channels) int channels(void) { return state.channels; }

/** Where the next piece goes: no more than INPUT_BYTES - LOOKAHEAD_BYTES of it. */
EXPORT(input) uint8_t *input_place(void) { return input + state.filled; }

EXPORT(output) float *output_place(void) { return output; }

/** Begins another stream. Not a bit of the last one is left. */
EXPORT(reset) void reset(void) { memset(&state, 0, sizeof state); }

static int frame_bytes(const uint8_t *header) { return hdr_frame_bytes(header, 0) + hdr_padding(header); }

/**
 * Whether a whole frame lies here that others follow, as far as there are bytes, of the kind of those before it. Free
 * format names no length.
 */
static int begins_chain(const uint8_t *bytes, int length) {
    const uint8_t *before = state.decoder.header;
    if (!hdr_valid(bytes) || HDR_IS_FREE_FORMAT(bytes)) return 0;
    if (before[0] != 0 && !hdr_compare(before, bytes)) return 0;
    int place = frame_bytes(bytes);
    if (place > length) return 0;
    for (int i = 0; i < FOLLOWING && place + HDR_SIZE <= length; i++) {
        if (!hdr_compare(bytes, bytes + place)) return 0;
        place += frame_bytes(bytes + place);
    }
    return 1;
}

static int continues_chain(const uint8_t *bytes, int length) {
    return hdr_compare(state.decoder.header, bytes) && frame_bytes(bytes) <= length;
}

static void halve(float *to, int length) {
    for (int i = 0; i < length; i++) to[i] *= 0.5f;
}

static void add(float *to, const float *from, int length) {
    for (int i = 0; i < length; i++) to[i] += from[i];
}

static int have_same_blocks(const L3_gr_info_t *channel) {
    return channel[0].block_type == channel[1].block_type &&
           channel[0].mixed_block_flag == channel[1].mixed_block_flag;
}

/** Spectrum to subbands, as L3_decode of minimp3 has it. */
static void to_subbands(const L3_gr_info_t *channel, float *spectrum, float *overlap) {
    int long_bands = (channel->mixed_block_flag ? 2 : 0) << (HDR_GET_MY_SAMPLE_RATE(state.decoder.header) == 2);
    if (channel->n_short_sfb) {
        L3_reorder(spectrum + 18 * long_bands, state.scratch.syn[0], channel->sfbtab + channel->n_long_sfb);
    }
    L3_antialias(spectrum, channel->n_short_sfb ? long_bands - 1 : 31);
    L3_imdct_gr(spectrum, overlap, channel->block_type, long_bands);
    L3_change_sign(spectrum);
}

static void decode_granule(L3_gr_info_t *channel, int channels, float *to) {
    mp3dec_scratch_t *scratch = &state.scratch;
    const uint8_t *header = state.decoder.header;
    float *spectrum[2] = {scratch->grbuf[0], scratch->grbuf[1]};
    float *overlap[2] = {state.decoder.mdct_overlap[0], state.decoder.mdct_overlap[1]};
    int joint = channels == 2 && HDR_GET_STEREO_MODE(header) == MODE_JOINT_STEREO;
    int intensity = joint && HDR_TEST_I_STEREO(header);
    int mid_side = joint && !intensity && HDR_TEST_MS_STEREO(header);
    int together = channels == 1 || have_same_blocks(channel);
    // minimp3 has left = mid + side and right = mid - side.
    int mid_only = mid_side && together;

    memset(scratch->grbuf, 0, sizeof scratch->grbuf);
    for (int i = 0; i < channels; i++) {
        int end = scratch->bs.pos + channel[i].part_23_length;
        // The next granule may share these.
        L3_decode_scalefactors(header, scratch->ist_pos[i], &scratch->bs, &channel[i], scratch->scf, i);
        if (i == 0 || !mid_only) L3_huffman(spectrum[i], &scratch->bs, &channel[i], scratch->scf, end);
        scratch->bs.pos = end;
    }
    if (intensity) L3_intensity_stereo(spectrum[0], scratch->ist_pos[1], channel, header);
    else if (mid_side && !mid_only) L3_midside_stereo(spectrum[0], GRANULE);
    if (channels == 2 && !mid_only) halve(spectrum[0], 2 * GRANULE);

    // What the granule before left is mixed, unless its channels had different blocks, too.
    if (together) {
        add(spectrum[0], spectrum[1], GRANULE);
        add(overlap[0], overlap[1], 9 * 32);
        memset(overlap[1], 0, 9 * 32 * sizeof(float));
        to_subbands(channel, spectrum[0], overlap[0]);
    } else {
        to_subbands(&channel[0], spectrum[0], overlap[0]);
        to_subbands(&channel[1], spectrum[1], overlap[1]);
        add(spectrum[0], spectrum[1], GRANULE);
    }
    mp3d_synth_granule(state.decoder.qmf_state, spectrum[0], 18, 1, to, scratch->syn[0]);
}

/** A frame that cannot be decoded, as one whose bits began in a frame that is lost, is silence. */
static void decode_layer_3(bs_t *bits, int channels, float *to) {
    mp3dec_t *decoder = &state.decoder;
    mp3dec_scratch_t *scratch = &state.scratch;
    int granules = HDR_TEST_MPEG1(decoder->header) ? 2 : 1;
    memset(to, 0, granules * GRANULE * sizeof(float));
    int reserved = L3_read_side_info(bits, scratch->gr_info, decoder->header);
    if (reserved < 0 || bits->pos > bits->limit) {
        decoder->reserv = 0;
        return;
    }
    if (L3_restore_reservoir(decoder, bits, scratch, reserved)) {
        for (int i = 0; i < granules; i++) {
            decode_granule(scratch->gr_info + i * channels, channels, to + i * GRANULE);
        }
    }
    L3_save_reservoir(decoder, scratch);
}

static void decode_layer_1_2(bs_t *bits, int channels, float *to) {
    const uint8_t *header = state.decoder.header;
    mp3dec_scratch_t *scratch = &state.scratch;
    float *subbands = scratch->grbuf[0];
    L12_scale_info scales;
    memset(to, 0, hdr_frame_samples(header) * sizeof(float));
    L12_read_scale_info(header, bits, &scales);
    memset(subbands, 0, sizeof scratch->grbuf);
    for (int part = 0, slots = 0; part < 3; part++) {
        slots += L12_dequantize_granule(subbands + slots, bits, &scales, (4 - HDR_GET_LAYER(header)) | 1);
        if (bits->pos > bits->limit) return;
        if (slots < 12) continue;
        slots = 0;
        L12_apply_scf_384(&scales, scales.scf + part, subbands);
        if (channels == 2) {
            halve(subbands, 2 * GRANULE);
            add(subbands, subbands + GRANULE, GRANULE);
        }
        mp3d_synth_granule(state.decoder.qmf_state, subbands, 12, 1, to, scratch->syn[0]);
        memset(subbands, 0, sizeof scratch->grbuf);
        to += 384;
    }
}

/** Returns samples. */
static int decode_frame(const uint8_t *frame, int length, float *to) {
    int channels = HDR_IS_MONO(frame) ? 1 : 2;
    bs_t bits;
    bs_init(&bits, frame + HDR_SIZE, length - HDR_SIZE);
    if (HDR_IS_CRC(frame)) get_bits(&bits, 16);
    memcpy(state.decoder.header, frame, HDR_SIZE);
    state.sample_rate = hdr_sample_rate_hz(frame);
    state.channels = MINIMP3_MAX(state.channels, channels);
    if (HDR_GET_LAYER(frame) == LAYER_3) decode_layer_3(&bits, channels, to);
    else decode_layer_1_2(&bits, channels, to);
    return hdr_frame_samples(frame);
}

/**
 * Decodes what has come, but for the last bytes, which wait for the next piece.
 *
 * @param added Bytes that were put at `input`.
 * @param last No more will come.
 * @returns Samples at `output`, 1 is full scale.
 */
EXPORT(decode) int decode(int added, int last) {
    int place = 0;
    int samples = 0;
    state.filled += added;
    while (state.filled - place >= (last ? HDR_SIZE : LOOKAHEAD_BYTES)) {
        const uint8_t *bytes = input + place;
        int left = state.filled - place;
        if (!continues_chain(bytes, left)) {
            state.decoder.reserv = 0;
            if (!begins_chain(bytes, left)) {
                place++;
                continue;
            }
        }
        samples += decode_frame(bytes, frame_bytes(bytes), output + samples);
        place += frame_bytes(bytes);
    }
    state.filled -= place;
    memmove(input, input + place, state.filled);
    return samples;
}
