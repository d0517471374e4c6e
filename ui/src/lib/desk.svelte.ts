import { localDay, localHour } from './format';
import type { Notice, Problem } from './i18n/texts';
import type { Preferences } from './preferences.svelte';
import { Queue } from './queue';
import { failureOf, shell, type CameraView, type Coming, type Device, type Failure, type Happening } from './shell';
import { Signal } from './signal';
import type { Hint, PageCamera } from './eye';
import type { Sample, Status, SubmissionView } from './types/station';
import { toneOf } from './verdict';

/** How long a notice stays on the screen, in milliseconds. */
const NOTICE_MS = 20_000;

/** What a picture of an animated QR code begins with (the crate `carrier`). */
const KEYS_FRAME = 'PSK';

/** How often the waiting verdicts and the key set's age are looked at, in milliseconds. */
const TICK_MS = 500;

/** How often the station is asked anew though nothing happened (a new day, keys that ran out), in ticks. */
const STATUS_TICKS = 30;

/** What is held before the demo camera: nothing, all samples in turn, or one until it is read. */
export type Shown = 'none' | 'all' | number;

/** What the camera is to be, whoever has the screen meanwhile: one of its own (null: any), the demo camera, or none. */
type Wanted = { camera: string | null } | { demo: Shown } | 'none';

/** What stands on the screen: the station, the camera and the verdicts. */
export class Desk {
  status = $state.raw<Status | null>(null);
  camera = $state.raw<CameraView | null>(null);
  devices = $state.raw<Device[]>([]);
  samples = $state.raw<Sample[]>([]);
  sample = $state<Shown>('none');
  verdict = $state.raw<SubmissionView | null>(null);
  waiting = $state(0);
  failure = $state.raw<Failure | null>(null);
  notice = $state<Notice | null>(null);
  /** Why a code in view is not read. */
  hint = $state<Hint | null>(null);
  busy = $state(false);
  now = $state(Date.now());
  /** The page's own camera, where the shell has none; its torch and zoom. */
  own = $state.raw<PageCamera | null>(null);
  /** How far keys have come that are waited for before the camera. */
  coming = $state.raw<Coming | null>(null);
  /** The last code before the camera while a cosignature is waited for: its text, or that it is none. */
  answer = $state.raw<{ text: string | null } | null>(null);
  readonly signal = new Signal();

  private wanted: Wanted = 'none';
  private asked = 0;
  private answered = 0;
  private queue = new Queue<SubmissionView>();
  private ticks = 0;
  private noticeTimer = 0;
  /** No camera runs while the screen is an inspector's or an admin's. */
  private paused = false;
  /** What the camera is to see, if it is not passes. */
  private receiving: 'keys' | 'answer' | null = null;

  constructor(private readonly preferences: Preferences) {}

  /** Opens the station and the camera; call once. Returns how to stop. */
  begin(): () => void {
    void this.attempt(async () => {
      const { page_camera, demo_camera } = await shell.device();
      await shell.listen((happening) => this.happen(happening));
      const status = this.refresh();
      if (page_camera) {
        await this.openOwn();
        // Which of a phone's cameras it is depends on it.
        await status;
      }
      const camera = demo_camera ? this.startDemo('all') : this.turnOn();
      this.samples = await shell.samples();
      await status;
      await camera;
    });
    const timer = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(timer);
  }

  /** Judges a text that was pasted or typed. */
  submit(text: string, notice: Notice | null = null): Promise<void> {
    if (text.trim() === '') return this.refuse('nothing_to_check');
    return this.attempt(async () => {
      this.show(await shell.submit(text));
      if (notice) this.notify(notice);
    });
  }

  /** Judges every code in an image file. */
  scanImage(file: Blob): Promise<void> {
    this.busy = true;
    const scan = this.attempt(async () => {
      if (!this.own) {
        for (const submission of await shell.scanImage(await file.arrayBuffer())) this.show(submission);
        return;
      }
      const { readImage } = await import('./eye');
      const texts = await readImage(file).catch(() => null);
      if (texts === null) return this.refuse('image_unreadable');
      if (texts.length === 0) return this.refuse('image_without_code');
      for (const text of texts) this.show(await shell.submit(text));
    });
    return scan.finally(() => (this.busy = false));
  }

  /** Takes the verdict off the screen, and whose it is with it. */
  dismiss(): void {
    this.queue.dismiss(performance.now());
    this.reveal();
  }

  /** Takes every verdict off the screen, those that wait too: they are in the log. */
  clear(): void {
    while (this.verdict) this.dismiss();
  }

  /** Turns to the camera that was chosen, or to any. */
  turnOn(): Promise<void> {
    return this.want({ camera: this.preferences.camera });
  }

  /** Turns to a camera, and to the same one at the next start. */
  chooseCamera(id: string): Promise<void> {
    this.preferences.camera = id;
    return this.turnOn();
  }

  turnOff(): Promise<void> {
    return this.want('none');
  }

  startDemo(shown: Shown = 'none'): Promise<void> {
    return this.want({ demo: shown });
  }

  showSample(shown: Shown): Promise<void> {
    return this.attempt(() => this.hold(shown));
  }

  listDevices(): Promise<void> {
    return this.attempt(async () => {
      this.devices = await (this.own ? this.own.devices() : shell.cameras());
    });
  }

  /** Lets the camera go while the screen is somebody else's, and takes it again. What was being judged is not shown. */
  async pause(paused: boolean): Promise<void> {
    if (this.paused === paused) return;
    this.paused = paused;
    this.receiving = null;
    this.clear();
    await this.attempt(() => (paused ? this.halt() : this.pursue()));
  }

  /** Waits for keys before the camera, or does so no longer. Whatever else the camera sees is nobody's pass. */
  receiveKeys(on: boolean): Promise<void> {
    this.coming = null;
    return this.receive(on ? 'keys' : null, () => shell.keysReceive(on));
  }

  /** Waits for an inspector's cosignature before the camera, or does so no longer; likewise. */
  receiveAnswer(on: boolean): Promise<void> {
    this.answer = null;
    return this.receive(on ? 'answer' : null, () => shell.witnessReceive(on));
  }

  /** Who is on shift from now on. */
  beginShift(operator: number | null): Promise<void> {
    return this.attempt(async () => {
      await shell.beginShift(operator);
      await this.refresh();
    });
  }

  /** What is accepted from now on: a mode of the policy. */
  switchMode(mode: string): Promise<void> {
    return this.attempt(async () => {
      await shell.switchMode(mode);
      await this.refresh();
    });
  }

  /** One person went out. */
  personLeft(): Promise<void> {
    return this.attempt(async () => {
      await shell.personLeft();
      await this.refresh();
    });
  }

  /** Asks the station how it is. An answer that is overtaken by a later one is passed over. */
  async refresh(): Promise<void> {
    const [now, mine] = [new Date(), (this.asked += 1)];
    try {
      const status = await shell.status(localDay(now), localHour(now));
      if (mine < this.answered) return;
      this.answered = mine;
      this.status = status;
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  private async receive(what: 'keys' | 'answer' | null, tell: () => Promise<void>): Promise<void> {
    // Asked for no more, it is over here at once: the screen may be staff's before the shell has answered.
    if (!what) this.receiving = null;
    const camera = !what && this.paused ? this.attempt(() => this.halt()) : Promise.resolve();
    await Promise.all([tell(), camera]);
    if (!what || !this.paused) return;
    this.receiving = what;
    await this.attempt(() => this.pursue());
  }

  private want(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    return this.attempt(() => this.pursue());
  }

  /** Brings the camera to what is wanted. */
  private async pursue(): Promise<void> {
    this.hint = null;
    if (this.wanted === 'none') return this.halt();
    if ('demo' in this.wanted) {
      this.own?.stop();
      await this.hold(this.wanted.demo);
      return shell.demoStart();
    }
    const id = this.wanted.camera;
    if (!this.own) return shell.cameraStart(await this.present(id));
    await shell.cameraStop();
    this.camera = null;
    await this.own.start(id ? { deviceId: id } : this.status?.settings.kiosk ? { facing: 'user' } : null);
  }

  private async halt(): Promise<void> {
    this.hint = null;
    this.own?.stop();
    await shell.cameraStop();
  }

  private async openOwn(): Promise<void> {
    const { PageCamera } = await import('./eye');
    this.own = new PageCamera({
      text: (text) => void this.read(text),
      camera: (view) => this.see(view),
      hint: (hint) => (this.hint = hint),
    });
  }

  /** What the page's own camera read: a pass, a part of another device's keys, or an inspector's cosignature. */
  private async read(text: string): Promise<void> {
    if (this.receiving === 'answer') {
      const good = await shell.isCosignature(text).catch(() => false);
      return this.heard(good ? text : null);
    }
    if (!text.startsWith(KEYS_FRAME)) return this.receiving ? undefined : this.submit(text);
    if (this.receiving) this.coming = (await shell.keysFrame(text).catch(() => null)) ?? this.coming;
  }

  /** Nobody may be waiting any more. */
  private heard(text: string | null): void {
    if (this.receiving === 'answer') this.answer = { text };
  }

  /** A camera that is not to be had is tried again and again: what is wrong with it stays on the screen meanwhile. */
  private see(view: CameraView): void {
    const trying = view.state === 'opening' && this.camera !== null && !['off', 'running'].includes(this.camera.state);
    if (!trying) this.camera = view;
  }

  /** A remembered camera that is not there any more is no reason to see nothing. */
  private async present(id: string | null): Promise<string | null> {
    if (id === null) return null;
    return (await shell.cameras()).some((device) => device.id === id) ? id : null;
  }

  private happen(happening: Happening): void {
    if ('camera' in happening) {
      // The shell's camera is off while the page's own runs.
      if (!this.own || happening.camera.state !== 'off') this.camera = happening.camera;
      return;
    }
    if ('keys' in happening) {
      this.coming = happening.keys;
      return;
    }
    if ('answer' in happening) return this.heard(happening.answer);
    if ('hint' in happening) {
      this.hint = happening.hint;
      return;
    }
    this.show(happening.verdict);
    // A person takes the pass away once it is read.
    if (typeof this.sample === 'number') void this.showSample('none');
  }

  /** A number without a sample is an empty desk. */
  private async hold(shown: Shown): Promise<void> {
    await shell.demoShow(shown === 'all' ? null : shown === 'none' ? this.samples.length : shown);
    this.sample = shown;
    this.wanted = { demo: shown };
  }

  private show(submission: SubmissionView): void {
    this.failure = null;
    this.hint = null;
    void this.refresh();
    // It is in the log; whose pass it was is not for whoever has the screen now.
    if (this.paused || globalThis.document?.hidden) return;
    this.queue.push(submission, performance.now());
    this.reveal();
  }

  private reveal(): void {
    const before = this.verdict;
    this.verdict = this.queue.current;
    this.waiting = this.queue.waiting.length;
    if (this.verdict && this.verdict !== before) this.signal.give(toneOf(this.verdict), this.preferences);
  }

  private tick(): void {
    this.now = Date.now();
    this.queue.turn(performance.now());
    this.reveal();
    this.ticks += 1;
    if (this.ticks % STATUS_TICKS === 0) void this.refresh();
  }

  private notify(notice: Notice): void {
    clearTimeout(this.noticeTimer);
    this.notice = notice;
    this.noticeTimer = window.setTimeout(() => (this.notice = null), NOTICE_MS);
  }

  private async refuse(problem: Problem): Promise<void> {
    this.failure = { problem, detail: '' };
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      this.failure = null;
      await action();
    } catch (error) {
      this.failure = failureOf(error);
    }
  }
}
