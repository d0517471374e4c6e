import type { Answer, Picture, Question } from './messages';

/** The worker that reads, begun when it is first asked; a question that it cannot answer is rejected. */
export class Reader {
  #worker: Worker | null = null;
  #asked = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  #id = 0;

  /** Forgets what a camera showed before. Where the reader cannot be had, the next time tries anew. */
  start(): Promise<Answer> {
    const started = this.#ask({ kind: 'start', id: this.#next() }, []);
    started.catch(({ message }: Error) => this.end(message));
    return started;
  }

  /** A camera's next frame, which is given away. */
  frame(picture: Picture, budgetMs: number): Promise<Answer> {
    const given: Transferable = 'data' in picture ? picture.data.buffer : picture;
    return this.#ask({ kind: 'frame', id: this.#next(), picture, budgetMs }, [given]);
  }

  /** A single image, with all effort. */
  image(image: Blob | ImageData): Promise<Answer> {
    return this.#ask({ kind: 'image', id: this.#next(), image }, image instanceof Blob ? [] : [image.data.buffer]);
  }

  /** Ends the worker, whatever it does; the next question begins another. */
  end(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    asked.forEach(({ reject }) => reject(new Error(reason)));
  }

  #next(): number {
    return (this.#id += 1);
  }

  #ask(question: Question, given: Transferable[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asked.set(question.id, { resolve, reject });
      this.#begun().postMessage(question, given);
    });
  }

  #begun(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const asked = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if (data.failure === null) asked?.resolve(data);
      else asked?.reject(new Error(data.failure));
    };
    worker.onerror = ({ message }) => this.end(message || 'the reader could not be loaded');
    return (this.#worker = worker);
  }
}
