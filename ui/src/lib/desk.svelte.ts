import { localDay } from './format';
import type { Notice, Problem } from './i18n/texts';
import { Queue } from './queue';
import { failureOf, shell, type CameraView, type Device, type Failure, type Happening } from './shell';
import type { Sample, Status, SubmissionView } from './types/station';

/** How long a notice stays on the screen, in milliseconds. */
const NOTICE_MS = 20_000;

/** How often the waiting verdicts and the key set's age are looked at, in milliseconds. */
const TICK_MS = 500;

/** How often the station is asked anew though nothing happened (a new day, keys that ran out), in ticks. */
const STATUS_TICKS = 60;

/** What is held before the demo camera: nothing, all samples in turn, or one until it is read. */
export type Shown = 'none' | 'all' | number;

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
  busy = $state(false);
  now = $state(Date.now());

  private queue = new Queue<SubmissionView>();
  private ticks = 0;
  private noticeTimer = 0;

  /** Opens the station and the camera; call once. Returns how to stop. */
  begin(): () => void {
    void this.attempt(async () => {
      await shell.listen((happening) => this.happen(happening));
      await this.refresh();
      this.samples = await shell.samples();
      await shell.cameraStart(null);
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
    return this.attempt(async () => {
      this.busy = true;
      for (const submission of await shell.scanImage(await file.arrayBuffer())) this.show(submission);
    });
  }

  /** Takes the verdict off the screen. */
  dismiss(): void {
    this.queue.dismiss(performance.now());
    this.reveal();
  }

  startCamera(id: string | null): Promise<void> {
    return this.attempt(() => shell.cameraStart(id));
  }

  stopCamera(): Promise<void> {
    return this.attempt(() => shell.cameraStop());
  }

  startDemo(): Promise<void> {
    return this.attempt(async () => {
      await this.hold('none');
      await shell.demoStart();
    });
  }

  showSample(shown: Shown): Promise<void> {
    return this.attempt(() => this.hold(shown));
  }

  listDevices(): Promise<void> {
    return this.attempt(async () => {
      this.devices = await shell.cameras();
    });
  }

  private happen(happening: Happening): void {
    if ('camera' in happening) {
      this.camera = happening.camera;
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
  }

  private show(submission: SubmissionView): void {
    this.failure = null;
    this.queue.push(submission, performance.now());
    this.reveal();
    void this.refresh();
  }

  private reveal(): void {
    this.verdict = this.queue.current;
    this.waiting = this.queue.waiting.length;
  }

  private tick(): void {
    this.now = Date.now();
    this.queue.turn(performance.now());
    this.reveal();
    this.ticks += 1;
    if (this.ticks % STATUS_TICKS === 0) void this.refresh();
  }

  private async refresh(): Promise<void> {
    this.status = await shell.status(localDay(new Date()));
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
    } finally {
      this.busy = false;
    }
  }
}
