//! bliss-rs over the files that are named, one after the other. The first two are analysed once more beforehand, to
//! warm up. Prints processor seconds and the process's peak memory as JSON, as bench/extract-clips.mjs does. Linux.
use bliss_audio::decoder::symphonia::SymphoniaDecoder;
use bliss_audio::decoder::Decoder;
use std::fs::read_to_string;

const TICKS_PER_SECOND: f64 = 100.0;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    for file in files.iter().take(2) {
        analyse(file);
    }
    let start = processor_seconds();
    for file in &files {
        analyse(file);
    }
    let seconds = processor_seconds() - start;
    println!(
        "{{\"clips\": {}, \"seconds\": {seconds}, \"megabytes\": {}}}",
        files.len(),
        peak_megabytes()
    );
}

fn analyse(file: &str) {
    SymphoniaDecoder::song_from_path(file).unwrap();
}

/// User and system time of all threads: fields 14 and 15 of proc(5), counted after the name in brackets.
fn processor_seconds() -> f64 {
    let stat = read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / TICKS_PER_SECOND
}

fn peak_megabytes() -> u64 {
    let status = read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
