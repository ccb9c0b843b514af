// Writes js_numbers.txt: "BITS TEXT" per line, where BITS are the 16 hex digits of a float64 and TEXT is
// what this Node prints for it. Run: node tests/app/export/content/js_numbers.mjs >
// tests/app/export/content/js_numbers.txt
let state = 12345n;
const random64 = () => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return state ^ (state >> 31n);
};
const view = new DataView(new ArrayBuffer(8));
const chosen = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e21,
  1e20,
  999999999999999900000,
  1e-6,
  1e-7,
  1.5e-7,
  123456789012345680000,
  5e-324,
  1.7976931348623157e308,
  2 ** 53,
  2 ** 53 + 2,
  0.5,
  100,
  1e2,
  12345.678,
  -2.5e-10,
  4.35,
  1 / 3,
  1e300,
];
const floats32 = [0.1, 0.93, 1e-3, 3e-8, 7e-8, 1e-45, 3.4e38, 0.002, 1.1754944e-38, 65504].map(Math.fround);
const powers = Array.from({ length: 60 }, (_, index) => 10 ** (index - 30));
const random = [];
while (random.length < 900) {
  view.setBigUint64(0, random64());
  const value = view.getFloat64(0);
  if (Number.isFinite(value)) random.push(value);
}
const singles = [];
while (singles.length < 900) {
  view.setBigUint64(0, random64());
  const value = view.getFloat32(0);
  if (Number.isFinite(value)) singles.push(value);
}
const middling = Array.from({ length: 900 }, () =>
  Math.fround((Number(random64() >> 11n) / 2 ** 53) * 10 ** (Number(random64() % 16n) - 10)),
);
for (const value of [...chosen, ...floats32, ...powers, ...random, ...singles, ...middling]) {
  view.setFloat64(0, value);
  console.log(view.getBigUint64(0).toString(16).padStart(16, "0"), String(value));
}
