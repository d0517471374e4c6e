import { failureOf, shell, type Failure } from './shell';
import type { Problem, Role } from './types/station';

/** Roles that a PIN opens. */
export type OfficeRole = Exclude<Role, 'staff'>;

/** What a PIN pad is for: opening a role, or choosing the admin's first PIN. */
export type Asked = { role: OfficeRole; first: boolean };

/** How often a wait for the next try is counted down, in milliseconds. */
const SECOND_MS = 1000;

/** Who has come in behind the staff's screen, and what kept others from it. */
export class Office {
  /** The role whose screens are open. */
  role = $state.raw<OfficeRole | null>(null);
  /** The PIN that is being asked for. */
  asked = $state.raw<Asked | null>(null);
  /** Why the last PIN was not taken; a name to translate by. */
  problem = $state.raw<Problem | 'shell' | null>(null);
  /** Seconds until another PIN is looked at. */
  wait = $state(0);
  busy = $state(false);

  private timer: ReturnType<typeof setInterval> | undefined;

  /** `refresh` asks the station who is unlocked now. */
  constructor(private readonly refresh: () => Promise<void>) {}

  /** Begins to ask for a role's PIN; the first who comes as admin chooses one. */
  ask(role: OfficeRole, pins: { inspector: boolean; admin: boolean }): void {
    this.problem = role === 'inspector' && !pins.inspector ? 'no_pin' : null;
    // Each role waits for itself: the station says again how long.
    this.waitFor(0);
    this.asked = { role, first: role === 'admin' && !pins.admin };
  }

  /** Stops asking. */
  forget(): void {
    this.asked = null;
    this.problem = null;
  }

  /** Tries a PIN, or sets the first one. Returns whether the role is open. */
  async enter(pin: string): Promise<boolean> {
    const asked = this.asked;
    if (!asked || this.busy) return false;
    this.busy = true;
    try {
      // Whoever sets the first PIN is let in with it.
      await (asked.first ? shell.setFirstPin(pin) : shell.unlock(asked.role, pin));
    } catch (error) {
      if (this.asked === asked) this.refuse(failureOf(error));
      return false;
    } finally {
      this.busy = false;
    }
    await this.refresh();
    if (this.asked !== asked) {
      // Whoever asked has gone meanwhile.
      await shell.lock().catch(() => {});
      return false;
    }
    this.forget();
    this.role = asked.role;
    return true;
  }

  /** Goes back to the staff's screen. */
  async leave(): Promise<void> {
    this.role = null;
    await shell.lock().catch(() => {});
    await this.refresh();
  }

  /** Does something that the open role may do. Where it has been locked meanwhile, its PIN is asked for again. */
  async attempt<T>(action: () => Promise<T>): Promise<{ value: T } | { failure: Failure }> {
    try {
      return { value: await action() };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.problem === 'locked' && this.role) {
        this.asked = { role: this.role, first: false };
        this.role = null;
      }
      return { failure };
    }
  }

  private refuse(failure: Failure): void {
    this.problem = failure.problem as Problem;
    this.waitFor(failure.wait ?? 0);
  }

  private waitFor(seconds: number): void {
    this.wait = seconds;
    clearInterval(this.timer);
    if (seconds > 0) this.timer = setInterval(() => this.count(), SECOND_MS);
  }

  private count(): void {
    this.wait -= 1;
    if (this.wait <= 0) clearInterval(this.timer);
  }
}
