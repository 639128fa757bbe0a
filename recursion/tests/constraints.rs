//! The verifier as constraints: satisfied by honest runs, and by nothing else that a cheating prover would try.

use crate::support::{Ran, Recorded, contrast, dims, grayscale, picture, ran, ran_in, relation, value};
use ff::Field;
use zkimg_graph::graph::{Function, Graph, Kind, Output, Part, Results, ValueId};
use zkimg_graph::linear::{AxisMap, LinearMap};
use zkimg_graph::step::{Piece, Region, Step};
use zkimg_graph::tensor::{Bounds, CellsRef};
use zkimg_group::field::F;
use zkimg_proof::channel::{Message, Scalar, Sizes};
use zkimg_proof::relation::Relation;
use zkimg_recursion::constraints::{MOST_TENSORS, Unsuitable, public, shape, sizes, suits, witness};
use zkimg_recursion::poseidon::{Sponge, hash, permute};
use zkimg_recursion::r1cs::{Number, System};
use zkimg_recursion::verifier::{Record, run};

fn satisfied(relation: &Relation, ran: &Ran) -> bool {
    let (witness, public) = witness(&relation.sizes(), &ran.absorbed, &ran.record);
    shape(&relation.sizes()).expect("a shape").is_satisfied(&witness, &public)
}

#[test]
fn honest_runs_satisfy_the_constraints_and_say_what_the_reader_computes() {
    let d = dims(3, 9, 14);
    for steps in [vec![contrast(d)], vec![grayscale(d)], vec![contrast(d), grayscale(d)]] {
        let relation = relation(d, 10, &steps);
        let ran = ran(&relation, d);
        assert!(!ran.fails);
        let (witness, told) = witness(&relation.sizes(), &ran.absorbed, &ran.record);
        let shape = shape(&relation.sizes()).expect("a shape");
        assert!(shape.is_satisfied(&witness, &told));
        // The reader has the challenges alone, and computes weights and constant from the statement.
        let claims = relation.claims(&relation.sizes(), &ran.drawn.challenges, &ran.drawn.point, CellsRef::U8(&[]));
        assert_eq!(public(ran.absorbed.statement, &ran.absorbed.rows, &claims, &ran.drawn), told);
        // And messages in the clear pass the same checks.
        let mut side = Recorded::new(&relation, ran.record.messages.to_vec(), ran.record.mask);
        let left = run(&relation.sizes(), ran.absorbed.clone(), &mut side);
        assert!(!side.fails);
        assert_eq!(left.drawn, ran.drawn);
    }
}

/// Links of one class have one shape, whatever they do.
#[test]
fn smaller_statements_run_in_larger_sizes() {
    let d = dims(3, 9, 14);
    let class = Sizes { leaves: 16, flat: 13, equal: 12, tensors: 6, products: 0, product_bits: 0 };
    let of_class = shape(&class).expect("a shape");
    let crop = {
        let (rows, columns) = (AxisMap::select(9, 1..6), AxisMap::select(14, 2..14));
        Step::single(Piece::linear(LinearMap::spatial(d, false, rows, columns))).expect("a step")
    };
    for steps in [vec![contrast(d)], vec![grayscale(d)], vec![crop.clone()], vec![contrast(d), grayscale(d)]] {
        let relation = relation(d, 10, &steps);
        let sizes = relation.sizes();
        assert!(
            sizes.leaves <= class.leaves && sizes.flat < class.flat && sizes.equal < class.equal && sizes.tensors < class.tensors,
            "{sizes:?}"
        );
        let ran = ran_in(&relation, &class, d);
        assert!(!ran.fails, "{sizes:?}");
        let (witness, told) = witness(&class, &ran.absorbed, &ran.record);
        assert!(of_class.is_satisfied(&witness, &told));
        // The reader's weights at the class's points, zeros for the tensors that are not there.
        let claims = relation.claims(&class, &ran.drawn.challenges, &ran.drawn.point, CellsRef::U8(&[]));
        assert_eq!(public(ran.absorbed.statement, &ran.absorbed.rows, &claims, &ran.drawn), told);
    }
}

#[test]
fn every_number_of_every_message_counts() {
    let d = dims(1, 5, 7);
    let relation = relation(d, 10, &[contrast(d)]);
    let mut ran = ran(&relation, d);
    let honest: Vec<Message> = ran.record.messages.to_vec();
    assert!(satisfied(&relation, &ran));
    let shape = shape(&relation.sizes()).expect("a shape");
    let used = |message: usize, slot: usize| {
        // A message changed in an unused slot is the same message.
        let (before, _) = witness(
            &relation.sizes(),
            &ran.absorbed,
            &Record { messages: honest.clone().into(), mask: ran.record.mask, claims: ran.record.claims.clone() },
        );
        let mut other = honest.clone();
        other[message][slot] += F::ONE;
        let (after, _) = witness(
            &relation.sizes(),
            &ran.absorbed,
            &Record { messages: other.into(), mask: ran.record.mask, claims: ran.record.claims.clone() },
        );
        *before != *after
    };
    let places: Vec<(usize, usize)> =
        (0..honest.len()).flat_map(|i| [0, 1, 2, 3].map(|slot| (i, slot))).filter(|(i, slot)| used(*i, *slot)).collect();
    assert!(places.len() > 2 * honest.len() - relation.tensors.len());
    for (message, slot) in places {
        let mut changed = honest.clone();
        changed[message][slot] += F::ONE;
        ran.record.messages = changed.into();
        // The prover goes on with the challenges that this message draws.
        let (witness, public) = witness(&relation.sizes(), &ran.absorbed, &ran.record);
        // The first two slots of the message with the inverse are in no equation.
        if (message, slot) != (1, 0) && (message, slot) != (1, 1) {
            assert!(!shape.is_satisfied(&witness, &public), "message {message}, slot {slot}");
        }
    }
}

#[test]
fn every_public_input_is_bound() {
    let d = dims(3, 4, 6);
    let relation = relation(d, 10, &[grayscale(d)]);
    let ran = ran(&relation, d);
    let shape = shape(&relation.sizes()).expect("a shape");
    let (witness, public) = witness(&relation.sizes(), &ran.absorbed, &ran.record);
    for i in 0..public.len() {
        let mut other = public.clone();
        other[i] += F::ONE;
        assert!(!shape.is_satisfied(&witness, &other), "public input {i}");
    }
}

#[test]
fn what_is_absorbed_changes_all_that_is_drawn() {
    let d = dims(1, 4, 6);
    let relation = relation(d, 10, &[contrast(d)]);
    let ran = ran(&relation, d);
    let again = |change: &dyn Fn(&mut zkimg_recursion::verifier::Absorbed<F>)| {
        let mut absorbed = ran.absorbed.clone();
        change(&mut absorbed);
        let mut side = Recorded::new(&relation, ran.record.messages.to_vec(), ran.record.mask);
        run(&relation.sizes(), absorbed, &mut side).drawn.list()
    };
    let honest = again(&|_| ());
    let mut all = vec![honest.clone()];
    all.push(again(&|absorbed| absorbed.salt += F::ONE));
    all.push(again(&|absorbed| absorbed.statement += F::ONE));
    for t in 0..ran.absorbed.rows.len() {
        all.push(again(&|absorbed| absorbed.rows[t] += F::ONE));
    }
    for (i, one) in all.iter().enumerate() {
        for other in &all[..i] {
            // All but the claim on the opening, which the same messages may give.
            let equal = one.iter().zip(other).filter(|(a, b)| a == b).count();
            assert_eq!(equal, 0, "run {i}");
        }
    }
}

#[test]
fn the_shape_follows_from_the_sizes_alone() {
    let d = dims(3, 6, 8);
    let inverted =
        zkimg_graph::step::Step::single(zkimg_graph::step::Piece::pointwise(d, std::array::from_fn(|x| 255 - x as u8))).expect("a step");
    let [one, other] = [contrast(d), inverted].map(|step| shape(&relation(d, 10, &[step]).sizes()).expect("a shape"));
    assert_eq!(one.digest(), other.digest());
    let larger = dims(3, 6, 64);
    assert_ne!(one.digest(), shape(&relation(larger, 10, &[contrast(larger)]).sizes()).expect("a shape").digest());
}

#[test]
fn relations_without_lookups_are_not_suitable() {
    let d = dims(1, 4, 4);
    let relation = Relation::compile(d, 10, &[], Output::Revealed).expect("a relation");
    assert_eq!(suits(&relation.sizes()), Err(Unsuitable::NoLookups));
    assert_eq!(shape(&relation.sizes()).err(), Some(Unsuitable::NoLookups));
    assert_eq!(picture(d).view().len(), 16);
}

#[test]
fn graphs_that_no_chain_makes_are_not_suitable() {
    let d = dims(1, 2, 2);
    let table = Results::Bytes((0..=255).map(|x: u8| x ^ 1).collect());
    let looked = |graph: &mut Graph, value: ValueId| {
        let terms = vec![(value, LinearMap::identity(d))];
        let function = Function::Table { first: 0, values: table.clone() };
        let part = Part { region: Region::whole(d), terms, products: Vec::new(), bias: 0, divisor: 1, function };
        graph.single(Bounds::BYTE, part).expect("a node")
    };
    let graph = |inputs: usize, depth: usize| {
        let mut graph = Graph::new();
        let all: Vec<ValueId> = (0..inputs).map(|_| graph.input(Kind::Picture, d, Bounds::BYTE, false).expect("an input")).collect();
        let _ = (0..depth).fold(all[0], |value, _| looked(&mut graph, value));
        graph
    };
    let suited = |graph: Graph, rows: &[usize]| {
        sizes(&Relation::of_graph_in_rows(graph, rows, Output::Hidden(Kind::Picture)).expect("a relation")).map(drop)
    };
    assert_eq!(suited(graph(2, 1), &[11, 11]), Ok(()));
    assert_eq!(suited(graph(2, 1), &[10, 11]), Err(Unsuitable::Rows));
    // As many hidden values as nodes, the input, and the multiplicities.
    assert_eq!(suited(graph(1, MOST_TENSORS - 2), &[10]), Ok(()));
    assert_eq!(suited(graph(1, MOST_TENSORS - 1), &[10]), Err(Unsuitable::Tensors));
}

/// The permutation in constraints is the permutation, and each of its values is bound.
#[test]
fn permutations_in_constraints_are_permutations() {
    let state = [value("state", 0), value("state", 1), value("state", 2)];
    let state_of = |system: &System<F>| {
        let numbers = state.map(|word| system.hidden(word));
        let out = permute(numbers);
        let out = permute(out);
        for number in &out {
            let told = system.public(number.value());
            (number.clone() - told).require_zero();
        }
        out.map(|number| number.value())
    };
    let shape = {
        let system = System::of_shape();
        state_of(&system);
        system.shape()
    };
    let system = System::of_values();
    assert_eq!(state_of(&system), permute(permute(state)));
    let (witness, public) = system.values();
    assert!(shape.is_satisfied(&witness, &public));
    let mut bound = 0;
    for i in 0..witness.len() {
        let mut other = witness.to_vec();
        other[i] += F::ONE;
        bound += usize::from(!shape.is_satisfied(&other, &public));
    }
    // Three S-boxes in each full round and one in each partial, three products each, six words settled, three inputs.
    let own = 3 * (8 * 3 + 56) + 6 + 3;
    assert_eq!(shape.constraints(), 2 * own + 3);
    assert_eq!(bound, 2 * own + 3, "all but the unused columns of blocks, and the three words at the start");
}

#[test]
fn a_sponge_of_numbers_is_a_sponge_of_their_values() {
    let system = System::of_values();
    let mut numbers: Sponge<F, Number<F>> = Sponge::new(Scalar::constant(F::from(5)));
    let mut values: Sponge<F> = Sponge::new(F::from(5));
    for i in 0..7 {
        numbers.absorb(system.hidden(value("sponge", i)));
        values.absorb(value("sponge", i));
        if i % 3 == 0 {
            numbers.end_block();
            values.end_block();
        }
        if i % 2 == 1 {
            assert_eq!(numbers.squeeze().value(), values.squeeze());
        }
    }
    assert_eq!(hash(F::ONE, [F::ZERO, F::ONE]), permute([F::ZERO, F::ONE, F::ONE])[0]);
}
