//! The tables as drawings, SVG.

use plotters::coord::Shift;
use plotters::prelude::*;
use std::path::Path;

/// What a drawing cannot be made of.
type Bad = DrawingAreaErrorKind<std::io::Error>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const OURS: RGBColor = RGBColor(0x1f, 0x6f, 0xb2);
const THEIRS: RGBColor = RGBColor(0xc9, 0xc9, 0xc9);
const SIZE: (u32, u32) = (820, 440);
/// The height of title and legend.
const HEAD: u32 = 56;
const FONT: &str = "sans-serif";

/// An edit, our seconds, and those of the published system.
pub(crate) struct Bar {
    pub name: &'static str,
    pub ours: f64,
    pub published: Option<f64>,
}

/// Points of one line.
pub(crate) struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// Seconds to prove edits of an HD picture, on a logarithmic scale.
pub(crate) fn bars(path: &Path, bars: &[Bar]) -> Result<(), Bad> {
    let area = begin(path, "Proving an edit of an HD picture: seconds")?;
    let below = area.margin(HEAD, 0, 0, 0);
    let rows = 0.0..bars.len() as f64;
    let mut chart = ChartBuilder::on(&below)
        .margin(12)
        .margin_right(48)
        .x_label_area_size(30)
        .y_label_area_size(130)
        .build_cartesian_2d((0.1..1000.0).log_scale(), rows)?;
    let number = |seconds: &f64| if *seconds < 1.0 { format!("{seconds:.1}") } else { format!("{seconds:.0}") };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_label_formatter(&number)
        .label_style((FONT, 13))
        .light_line_style(WHITE)
        .draw()?;
    for (row, bar) in (0..bars.len()).rev().zip(bars) {
        let row = row as f64;
        let rectangle = |seconds: f64, low: f64, high: f64, colour: RGBColor| {
            Rectangle::new([(0.1, row + low), (seconds, row + high)], colour.filled())
        };
        chart.draw_series([rectangle(bar.ours, 0.52, 0.88, OURS)])?;
        if let Some(published) = bar.published {
            chart.draw_series([rectangle(published, 0.12, 0.48, THEIRS)])?;
        }
        for (seconds, at) in [(Some(bar.ours), 0.7), (bar.published, 0.3)] {
            let Some(seconds) = seconds else { continue };
            let (x, y) = chart.backend_coord(&(seconds, row + at));
            let text = if seconds < 10.0 { format!("{seconds:.2}") } else { format!("{seconds:.0}") };
            area.draw(&Text::new(text, (x + 4, y - 6), (FONT, 12)))?;
        }
        let (_, y) = chart.backend_coord(&(0.1, row + 0.5));
        area.draw(&Text::new(bar.name, (14, y - 7), (FONT, 14)))?;
    }
    legend(&area, &[("zkimg, two cores", OURS), ("ZK-IMG as published, 64 threads", THEIRS)])?;
    area.present()
}

/// How something grows with the picture; both scales are logarithmic.
pub(crate) fn lines(path: &Path, title: &str, unit: &str, lines: &[Series]) -> Result<(), Bad> {
    let area = begin(path, title)?;
    let below = area.margin(HEAD, 0, 0, 0);
    let all = || lines.iter().flat_map(|line| &line.points);
    let within = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        0.7 * low..1.5 * high
    };
    let (x, y) = (within(&mut all().map(|point| point.0)), within(&mut all().map(|point| point.1)));
    let mut chart = ChartBuilder::on(&below)
        .margin(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    let number = |value: &f64| if *value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") };
    chart
        .configure_mesh()
        .x_desc("megapixels")
        .y_desc(unit)
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .label_style((FONT, 13))
        .axis_desc_style((FONT, 14))
        .light_line_style(WHITE)
        .draw()?;
    let colours = [OURS, RGBColor(0xd9, 0x7a, 0x1f), RGBColor(0x2e, 0x8b, 0x57)];
    for (line, colour) in lines.iter().zip(colours) {
        chart.draw_series(LineSeries::new(line.points.iter().copied(), colour.stroke_width(2)))?;
        chart.draw_series(line.points.iter().map(|point| Circle::new(*point, 4, colour.filled())))?;
    }
    let names: Vec<_> = lines.iter().zip(colours).map(|(line, colour)| (line.name.as_str(), colour)).collect();
    legend(&area, &names)?;
    area.present()
}

/// The whole area, with the title.
fn begin<'a>(path: &'a Path, title: &str) -> Result<Area<'a>, Bad> {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    area.draw(&Text::new(title.to_owned(), (14, 10), (FONT, 18)))?;
    Ok(area)
}

/// What each colour stands for, below the title.
fn legend(area: &Area<'_>, names: &[(&str, RGBColor)]) -> Result<(), Bad> {
    let (mut x, y) = (14, 36);
    for (name, colour) in names {
        area.draw(&Rectangle::new([(x, y), (x + 12, y + 12)], colour.filled()))?;
        area.draw(&Text::new((*name).to_owned(), (x + 18, y - 1), (FONT, 13)))?;
        x += 40 + name.chars().map(|_| 7).sum::<i32>();
    }
    Ok(())
}
