/** Two short falling notes when an alert is new. Browsers allow sound only after the operator has touched the page. */

let audio: AudioContext | undefined;

export function alertTone(): void {
  audio ??= new AudioContext();
  const start_s = audio.currentTime + 0.02;
  for (const [i, pitch_hz] of [880, 660].entries()) {
    const from_s = start_s + i * 0.16;
    const note = audio.createOscillator();
    const gain = audio.createGain();
    note.frequency.value = pitch_hz;
    gain.gain.setValueAtTime(0.0001, from_s);
    gain.gain.exponentialRampToValueAtTime(0.2, from_s + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, from_s + 0.15);
    note.connect(gain).connect(audio.destination);
    note.start(from_s);
    note.stop(from_s + 0.16);
  }
}
