#[test]
fn values() {
    for class in zkimg_recursion::class::Class::all() {
        let s = zkimg_recursion::step::points::shape::<zkimg_group::cycle::Vesta>(&class.slots());
        let t = std::time::Instant::now();
        let second = [2, 4, 7, 19, 27, 74][class.number()];
        let pinned = zkimg_recursion::step::transcript::Pinned { row_bits: 16, second: vec![ff::Field::ZERO; 4 * second + 3 * 17] };
        let c = zkimg_recursion::step::numbers::Class { sizes: class.sizes(), slots: class.slots(), second, pinned };
        let n = zkimg_recursion::step::numbers::shape(&c);
        println!("{class:?} values: [{}, {}] points rows {:.2} of {second}, numbers rows {:.2} of {} {:?}", n.witness(), s.witness(), s.witness().max(s.rows_used()) as f64 / 65536.0, n.witness().max(n.rows_used()) as f64/65536.0, class.slots().instance, t.elapsed());
    }
}
