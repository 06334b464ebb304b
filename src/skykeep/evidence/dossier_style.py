"""How a dossier looks on paper: the typst functions that `paper_typst` calls; no fact of any case."""

STYLE = r"""
#let ink = rgb("#1d2a33")
#let pale = rgb("#56626c")
#let rule = rgb("#b9c2c8")
#let alarm = rgb("#b3261e")
#let late = rgb("#8a4b00")

// A word that is longer than its column would stand in the next one, or run off the page: from `most` letters
// on it is parted. A digest fits a line of its own, and is to be copied as it is.
#let parted(body, most: 36, digests: false) = {
  let in-parts(word) = if not digests and word.text.match(regex("^[0-9a-f]{64}$")) != none { word } else {
    word.text.clusters().chunks(12).map(part => part.join()).join(sym.zws)
  }
  show regex("[^\\s\\u{200B}]{" + str(most) + ",}"): in-parts
  body
}

#let dossier(title: "", case-id: "", simulated: true, level: "full", printed: none, body) = {
  set document(title: title, author: "Skykeep", date: printed)
  set text(font: ("Libertinus Serif", "Noto Naskh Arabic", "New Computer Modern", "DejaVu Sans Mono"),
    size: 10pt, fill: ink, lang: "en", fallback: false, costs: (orphan: 300%, widow: 300%))
  set par(leading: 0.58em, justify: false)
  set page(
    paper: "a4", margin: (x: 18mm, top: 25mm, bottom: 20mm),
    header: context {
      set text(size: 8.5pt, fill: pale)
      grid(columns: (1fr, auto, 1fr), align: (left, center, right), [Case #case-id (#level)],
        if simulated {
          text(fill: alarm, weight: "bold", tracking: 0.06em)[SIMULATION: no real effect was used]
        },
        [Page #counter(page).display() of #counter(page).final().first()])
      v(-2mm)
      line(length: 100%, stroke: 0.5pt + if simulated { alarm } else { rule })
    },
  )
  show std.title: set text(size: 24pt, weight: "bold")
  set heading(numbering: (..at) => if at.pos().len() < 3 { numbering("1.1", ..at) })
  show heading.where(level: 1): it => block(
    above: 8mm, below: 3.4mm, sticky: true, text(size: 14pt, weight: "bold", parted(it)))
  show heading.where(level: 2): it => block(
    above: 5mm, below: 2.4mm, sticky: true, text(size: 11.5pt, weight: "bold", parted(it)))
  show heading.where(level: 3): it => block(
    above: 4mm, below: 2.2mm, sticky: true, text(size: 10pt, weight: "bold", parted(it.body)))
  set table(
    stroke: (x, y) => (bottom: 0.4pt + rule, top: if y == 0 { 0.8pt + ink }), inset: (x: 1.6mm, y: 1.35mm))
  set table.cell(breakable: false)
  show table: it => parted(it, most: 26, digests: true)
  show table.cell.where(y: 0): set text(weight: "bold", size: 9pt)
  set list(indent: 1mm, marker: text(fill: pale)[•])
  set figure(supplement: [Figure])
  show figure.caption: set text(size: 9pt, fill: pale)
  show figure.caption: it => parted(it)
  body
}

#let title-block(kind, title, place, when) = {
  text(size: 9.5pt, fill: pale, tracking: 0.04em, upper(kind))
  v(-1.5mm)
  parted(std.title(title), most: 24)
  v(-2.5mm)
  text(size: 11.5pt, parted(place))
  linebreak()
  text(size: 11.5pt, fill: pale, when)
  v(2mm)
}

#let figures(..pairs) = {
  let cells = pairs.pos().map(((number, says)) => block(
    width: 100%, inset: (y: 2.2mm), {
      text(size: 19pt, weight: "bold", number)
      linebreak()
      text(size: 8.5pt, fill: pale, says)
    }))
  block(above: 4mm, below: 4mm, stroke: (top: 0.8pt + ink, bottom: 0.8pt + ink), width: 100%,
    grid(columns: (1fr,) * cells.len(), column-gutter: 3mm, ..cells))
}

#let level-says(says) = text(size: 9pt, fill: pale, says)

#let facts(..pairs) = block(below: 3.5mm, breakable: false, parted(grid(
  columns: (34mm, 1fr), row-gutter: 1.9mm, column-gutter: 3mm,
  ..pairs.pos().map(((name, value)) => (text(fill: pale, parted(name, most: 14)), value)).flatten())))

#let paragraph(says) = par(parted(says))

#let sentences(..items) = parted(list(..items.pos()))

#let none-known(says) = block(text(fill: pale, style: "italic", parted(says)))

// A small table stays on one page. Of a long one the last rows stay together, so that none stands alone on a
// page: a cell without width spans them, and such a cell is not cut.
#let small-table = 34mm
#let whole-page = 200mm
#let kept-rows = 3
#let rows-kept-together(body, n) = {
  let total = calc.quo(body.len(), n)
  let from = calc.max(total - kept-rows, 0)
  let thin(rows, cut) = table.cell(rowspan: rows, breakable: cut, inset: 0mm)[]
  range(total).map(row => {
    let own = body.slice(row * n, row * n + n)
    if row == from { own.push(thin(total - from, false)) } else if row == 0 { own.push(thin(from, true)) }
    own
  }).flatten()
}
#let rows(columns, ..cells) = layout(page => {
  set text(size: 9pt)
  let n = columns.len()
  let (head, body) = (cells.pos().slice(0, n), cells.pos().slice(n))
  let whole = table(columns: columns, table.header(..head), ..body)
  let is-small = measure(whole, width: page.width).height <= small-table
  block(below: 4mm, breakable: not is-small, if is-small { whole } else {
    table(columns: columns + (0mm,), table.header(..head, table.cell(inset: 0mm)[]),
      ..rows-kept-together(body, n))
  })
})

#let look-clock(says) = text(number-width: "tabular", says)
#let look-mark(says) = text(fill: alarm, weight: "bold", size: 8.5pt, says)
#let look-late(says) = text(fill: late, weight: "bold", size: 8.5pt, says)
#let look-mono(says) = text(
  font: ("DejaVu Sans Mono", "Noto Naskh Arabic", "Libertinus Serif", "New Computer Modern"), size: 8pt, says)
#let look-pale(says) = text(fill: pale, says)
#let look-strong(says) = text(weight: "bold", says)
#let look-quoted(says) = text(style: "normal", says)
#let withheld(says) = box(fill: black, inset: (x: 1.2mm), outset: (y: 0.6mm),
  text(fill: white, size: 8pt, weight: "bold", says))
#let said(words, who) = block(inset: (left: 4mm, y: 1mm), stroke: (left: 1.2pt + rule), below: 3mm,
  breakable: false, {
  parted(words)
  linebreak()
  text(size: 9pt, fill: pale, parted(who))
})
// Lines to be copied stay on one page where one can hold them.
#let digest(..says) = layout(page => {
  let lines(whole) = block(fill: rgb("#f1f3f4"), inset: 2.5mm, width: 100%, radius: 1mm, breakable: not whole,
    look-mono(says.pos().join(linebreak())))
  lines(measure(lines(true), width: page.width).height <= whole-page)
})

#let map-figure(svg, alternative, caption, width) = figure(
  image(bytes(svg), format: "svg", width: width, alt: alternative), caption: caption)
"""
