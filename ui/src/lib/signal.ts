import type { Tone } from './verdict';

/** One note of a signal: its pitch in hertz, and when it sounds, in seconds from the signal's start. */
export interface Note {
  pitch: number;
  from: number;
  until: number;
}

/**
 * What a verdict sounds like. The three differ in melody, length and timbre, so that each is known without looking,
 * also by who hears high notes badly: accepted rises, refused is low and falls twice, what cannot be told is one
 * even note, three times. All pitches lie where a phone's speaker is loudest, 300 to 2,000 hertz.
 */
export const MELODIES: Record<Tone, { timbre: OscillatorType; notes: readonly Note[] }> = {
  accepted: { timbre: 'sine', notes: [note(880, 0, 0.09), note(1318.5, 0.09, 0.24)] },
  refused: { timbre: 'square', notes: [note(392, 0, 0.16), note(311.1, 0.16, 0.34), note(392, 0.42, 0.58), note(311.1, 0.58, 0.86)] },
  cannot_tell: { timbre: 'triangle', notes: [note(587.3, 0, 0.1), note(587.3, 0.18, 0.28), note(587.3, 0.36, 0.46)] },
  not_recorded: { timbre: 'triangle', notes: [note(587.3, 0, 0.1), note(587.3, 0.18, 0.28), note(587.3, 0.36, 0.46)] },
};

/** What a verdict feels like: milliseconds of vibration and pause in turn (Vibration API, W3C). */
export const VIBRATIONS: Record<Tone, readonly number[]> = {
  accepted: [60],
  refused: [250, 120, 250],
  cannot_tell: [60, 90, 60, 90, 60],
  not_recorded: [60, 90, 60, 90, 60],
};

/** Loud enough for a door, below where small speakers rattle. A square wave sounds louder than a sine of its height. */
const LOUDNESS: Partial<Record<OscillatorType, number>> = { sine: 0.5, triangle: 0.5, square: 0.22 };

/** Seconds in which a note swells and fades: at once it would click. */
const EDGE = 0.008;

/** Sounds and vibrations of verdicts, as far as this device has them. */
export class Signal {
  private context: AudioContext | null = null;

  /** A browser lets sound out only once the page was touched: call it on any touch or key. */
  wake(): void {
    this.context ??= 'AudioContext' in globalThis ? new AudioContext() : null;
    if (this.context?.state === 'suspended') void this.context.resume().catch(() => {});
  }

  /** Signals a verdict. */
  give(tone: Tone, how: { sound: boolean; vibration: boolean }): void {
    if (how.vibration && touched()) globalThis.navigator?.vibrate?.([...VIBRATIONS[tone]]);
    if (!how.sound) return;
    this.wake();
    if (this.context) play(this.context, tone);
  }
}

/** A browser shakes nobody who has not touched the page; one that does not tell may. */
function touched(): boolean {
  return globalThis.navigator?.userActivation?.hasBeenActive ?? true;
}

function play(context: AudioContext, tone: Tone): void {
  const { timbre, notes } = MELODIES[tone];
  const start = context.currentTime + EDGE;
  for (const { pitch, from, until } of notes) {
    const [source, gain] = [context.createOscillator(), context.createGain()];
    source.type = timbre;
    source.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start + from);
    gain.gain.linearRampToValueAtTime(LOUDNESS[timbre] ?? 0.3, start + from + EDGE);
    gain.gain.setValueAtTime(LOUDNESS[timbre] ?? 0.3, start + until - EDGE);
    gain.gain.linearRampToValueAtTime(0, start + until);
    source.connect(gain).connect(context.destination);
    source.start(start + from);
    source.stop(start + until);
  }
}

function note(pitch: number, from: number, until: number): Note {
  return { pitch, from, until };
}
