import type { CameraView, Device } from '../shell';
import { memoryOf } from '../preferences.svelte';
import { facingOf, requests, zoomOf, type Abilities, type Choice, type Facing, type Zoom } from './choice';
import { everyFrame, grab } from './grab';
import { theReader } from './image';
import type { Answer, Hint } from './messages';
import { Pace } from './pace';
import { recall, remember, type Remembered } from './remember';
import { AT_FIRST, next, stateOf, type Event, type Situation } from './situation';

/** Who is told what the camera sees. */
export interface Tell {
  /** A code came into view: once for as long as it is held there. */
  text(text: string): void;
  camera(view: CameraView): void;
  /** Why a code in view is not read; null once that is over. */
  hint(hint: Hint | null): void;
}

/** A camera that shows nothing new for so long has stalled. */
const SILENT_MS = 4000;
/** How often that is looked at. */
const WATCH_MS = 1000;

/** A camera of the page itself: its frames go to a worker that reads them, and only text comes back. */
export class PageCamera {
  #now: Situation = { ...AT_FIRST, hidden: document.hidden };
  #choice: Choice = null;
  #stream: MediaStream | null = null;
  #detail: string | null = null;
  /** Shows the stream while the page has no place for it: frames come from a video that plays. */
  #own = document.createElement('video');
  #video = this.#own;
  #pace = new Pace();
  #hint: Hint | null = null;
  #lastFrame = 0;
  #endFrames: (() => void) | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  /** Counts openings: what an earlier one still brings is let go at once. */
  #opening = 0;
  #memory = memoryOf(window);
  #remembered: Remembered = recall(this.#memory);
  /** What was asked of the running camera since it was opened. */
  #wishes: object = {};
  #torch: 'on' | 'off' | null = null;
  #zoom: Zoom | null = null;
  #facing: Facing = 'environment';

  constructor(private readonly tell: Tell) {
    document.addEventListener('visibilitychange', () => this.#on({ kind: document.hidden ? 'hidden' : 'shown' }));
    navigator.mediaDevices?.addEventListener('devicechange', () => this.#on({ kind: 'devices' }));
  }

  /** Whether the lamp is on; null where there is none. */
  get torch(): 'on' | 'off' | null {
    return this.#torch;
  }

  /** How far the running camera zooms; null where it does not. */
  get zoom(): Zoom | null {
    return this.#zoom;
  }

  /** Which way the camera looks that was opened last. */
  get facing(): Facing {
    return this.#facing;
  }

  /** Opens the camera that looks the other way. */
  turn(): Promise<void> {
    return this.start({ facing: this.#facing === 'user' ? 'environment' : 'user' });
  }

  /** Shows the camera's picture in a video of the page, or no longer. */
  attach(video: HTMLVideoElement | null): void {
    this.#release();
    this.#video = video ?? this.#own;
    if (this.#stream !== null) this.#play(this.#stream);
  }

  /** Opens a camera, and keeps it open until {@link stop}: whatever happens to it meanwhile, it is opened again. */
  start(choice: Choice): Promise<void> {
    this.#choice = choice;
    return this.#on({ kind: 'start' });
  }

  stop(): void {
    void this.#on({ kind: 'stop' });
  }

  /** The cameras; none before one was permitted, for they have no ids till then. */
  async devices(): Promise<Device[]> {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '').map(({ deviceId, label }) => ({ id: deviceId, name: label }));
  }

  async setTorch(on: boolean): Promise<void> {
    if (this.#torch === null) return;
    await this.#apply({ torch: on });
    this.#torch = on ? 'on' : 'off';
  }

  async setZoom(value: number): Promise<void> {
    const track = this.#track();
    const zoom = track === null ? null : zoomOf(abilities(track), value);
    if (track === null || zoom === null) return;
    await this.#apply({ zoom: zoom.value });
    this.#zoom = zoom;
    this.#remembered.zoom[idOf(track)] = zoom.value;
    remember(this.#memory, this.#remembered);
  }

  async #on(event: Event): Promise<void> {
    const step = next(this.#now, event);
    const changed = step.now.state !== this.#now.state;
    this.#now = step.now;
    if (step.act !== null) this.#close();
    if (step.retryMs !== null) this.#retry = setTimeout(() => this.#on({ kind: 'retry' }), step.retryMs);
    if (step.now.state === 'opening') this.#detail = null;
    if (changed) this.#tellCamera();
    if (step.act === 'open') await this.#open();
  }

  async #open(): Promise<void> {
    const opening = (this.#opening += 1);
    try {
      const stream = await this.#request();
      if (opening !== this.#opening) return end(stream);
      this.#stream = stream;
      this.#pace.reset();
      const track = this.#track();
      track?.addEventListener('ended', () => opening === this.#opening && this.#on({ kind: 'ended' }));
      await this.#prepare(track);
      if (opening !== this.#opening) return;
      this.#play(stream);
      this.#watch = setInterval(() => this.#look(), WATCH_MS);
      // A camera whose frames nothing reads is not running.
      await theReader().start();
      if (opening !== this.#opening) return;
      await this.#on({ kind: 'opened' });
    } catch (error) {
      await this.#fail(opening, error);
    }
  }

  /** The first request that is granted; the last one's failure counts. */
  async #request(): Promise<MediaStream> {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (media === undefined) throw new DOMException('no camera for pages here', 'NotFoundError');
    const [first, ...others] = requests(this.#choice, this.#remembered.deviceId);
    return others.reduce(
      (granted, request) => granted.catch((error: unknown) => {
        if (stateOf(error) === 'no_permission') throw error;
        return media.getUserMedia(request);
      }),
      media.getUserMedia(first),
    );
  }

  /** Asks for what helps reading, and learns what else the camera can. What it refuses it does without. */
  async #prepare(track: MediaStreamTrack | null): Promise<void> {
    if (track === null) return;
    const can = abilities(track);
    const id = idOf(track);
    this.#facing = facingOf(track.getSettings().facingMode, this.#choice);
    if (can.focusMode?.includes('continuous')) await this.#apply({ focusMode: 'continuous' }).catch(() => undefined);
    this.#torch = can.torch ? 'off' : null;
    const kept = this.#remembered.zoom[id];
    this.#zoom = zoomOf(can, kept ?? (track.getSettings() as { zoom?: number }).zoom);
    if (this.#zoom !== null && kept !== undefined) await this.#apply({ zoom: this.#zoom.value }).catch(() => undefined);
    this.#remembered.deviceId = id;
    remember(this.#memory, this.#remembered);
  }

  async #apply(wish: object): Promise<void> {
    const track = this.#track();
    if (track === null) return;
    this.#wishes = { ...this.#wishes, ...wish };
    // What is not said again is forgotten, the size too; but Chromium takes these wishes only alone.
    const wishes = { advanced: [this.#wishes] };
    await track
      .applyConstraints({ ...track.getConstraints(), ...wishes })
      .catch(() => track.applyConstraints(wishes));
  }

  async #fail(opening: number, error: unknown): Promise<void> {
    if (opening !== this.#opening) return;
    this.#detail = error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);
    await this.#on({ kind: 'failed', state: stateOf(error) });
  }

  #play(stream: MediaStream): void {
    const video = this.#video;
    Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
    video.play().catch(() => undefined); // interrupted by the next source
    this.#lastFrame = performance.now();
    this.#endFrames = everyFrame(video, () => void this.#frame(video));
  }

  /** Hands the video's picture to the reader, unless it is still at the last one. */
  async #frame(video: HTMLVideoElement): Promise<void> {
    const now = performance.now();
    this.#lastFrame = now;
    if (this.#pace.isLost(now)) return this.#lose();
    if (!this.#pace.isFree(now)) return;
    this.#pace.sent(now);
    const opening = this.#opening;
    try {
      const picture = await grab(video);
      if (picture === null) return this.#pace.reset();
      const answer = await theReader().frame(picture, this.#pace.budgetMs);
      if (opening === this.#opening) this.#answered(answer);
    } catch (error) {
      // The next frame may do better; a reader that never does leaves no doubt why.
      if (opening === this.#opening) this.#pace.answered(performance.now(), SILENT_MS / 4);
      console.warn('a frame was not read:', error);
    }
  }

  #answered({ texts, hint, tookMs }: Answer): void {
    this.#pace.answered(performance.now(), tookMs);
    if (hint !== this.#hint) this.tell.hint((this.#hint = hint));
    texts.forEach((text) => this.tell.text(text));
  }

  #lose(): void {
    theReader().end('the reader did not answer');
    this.#pace.reset();
  }

  #look(): void {
    if (performance.now() - this.#lastFrame > SILENT_MS) void this.#on({ kind: 'silent' });
  }

  #close(): void {
    this.#opening += 1;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#release();
    if (this.#stream !== null) end(this.#stream);
    [this.#stream, this.#torch, this.#zoom, this.#wishes] = [null, null, null, {}];
    if (this.#hint !== null) this.tell.hint((this.#hint = null));
  }

  #release(): void {
    this.#endFrames?.();
    this.#endFrames = null;
    this.#video.srcObject = null;
  }

  #track(): MediaStreamTrack | null {
    return this.#stream?.getVideoTracks()[0] ?? null;
  }

  #tellCamera(): void {
    const device = this.#track()?.label ?? null;
    this.tell.camera({ state: this.#now.state, demo: false, device, detail: this.#detail });
  }
}

function abilities(track: MediaStreamTrack): Abilities {
  // Older browsers tell nothing.
  return (track.getCapabilities?.() ?? {}) as Abilities;
}

function idOf(track: MediaStreamTrack): string {
  return track.getSettings().deviceId ?? '';
}

function end(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}
