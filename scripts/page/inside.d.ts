/* What the Inside pages read of the API, and what their modules share. For checks only: the browser
   never loads this file. */

type Grid = number[][];
type StateValue = number | string | Grid;
type State = Record<string, StateValue>;

interface SliderControl {
  name: string; label: string; symbol: string; low: number; high: number; step: number; value: number;
}
interface ChoiceControl { name: string; label: string; options: [value: string, label: string][]; value: string }
interface TextControl { name: string; label: string; value: string; longest: number }
interface GridControl {
  name: string; label: string; rows: number; columns: number; low: number; high: number; value: Grid;
}
type Control = SliderControl | ChoiceControl | TextControl | GridControl;

interface Demonstration {
  topic: string; title: string; lead: string; controls: Control[]; state: State; problem: string;
  data: Record<string, any>; sections: { title: string; html: string }[]; python: string;
  exercise: [topic: string, level: number]; summary: string;
}

interface TopicRow { topic: string; title: string; lead: string }

interface ExerciseQuestion {
  number: number; text: string; kind: string; options: string[]; variables: string[]; rounding: string; html: string;
}
interface ExerciseMark { question: number; verdict: string; message: string; mistakes: string[] }

/** What a topic's `draw` is given beside the demonstration. */
interface View {
  /** Width of the picture's place in CSS pixels, for charts that fill it. */
  readonly width: number;
  /** The state that was asked for last; the demonstration's own is the one that is drawn. */
  readonly state: State;
  /** Change a control, as if its own field had been used. */
  set(name: string, value: StateValue): void;
  /** Whether a control may have this value; a page without a server offers some of them. */
  offers(name: string, value: StateValue): boolean;
  /** The field of a control, to be placed into the picture; it then leaves the row of controls. */
  field(name: string): HTMLElement;
  /** A setting of the view alone, which no number depends on: where a window stands. Kept in the address. */
  look(name: string, value: number): number;
  /** Change settings of the view, and draw again without asking for numbers. */
  turn(changes: Record<string, number>): void;
  /** Say a sentence to screen readers, once typing or sliding pauses. */
  announce(text: string): void;
}

/** A module in static/inside/topics/. */
interface TopicModule {
  draw(demonstration: Demonstration, view: View): (Node | string | null | false | undefined)[];
  /** What else changes with a control. */
  also?(name: string, value: StateValue, last: Demonstration): State;
}
