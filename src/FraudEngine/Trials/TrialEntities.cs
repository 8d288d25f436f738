using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>
/// The terminals, merchants, devices and counterparties of a trial: what the engine's shards hold, in one place and in the order of the input, so that each
/// transaction sees all that came before it. One thread at a time.
/// </summary>
/// <param name="rules">What the rules look at.</param>
/// <param name="model">What the model looks at.</param>
/// <param name="entitiesMax">Held at a time. When full, those are dropped whose windows are empty for whoever is not late; where there are none, the trial ends.</param>
public sealed class TrialEntities(WindowPlans rules, WindowPlans model, int entitiesMax)
{
    private readonly WindowPlans _plans = WindowPlans.Union(rules, model);
    private readonly EntityMachine?[] _machines = new EntityMachine?[EntityKinds.End];
    private readonly Dictionary<byte[], EntityState> _states = new(new IdComparer());
    private long _watermark = long.MinValue;

    /// <summary>Reads what the entities that a transaction names say to it.</summary>
    public void Read(Transaction transaction, EntityReadings readings)
    {
        readings.SetMissing();
        foreach (var kind in _plans.Visited)
        {
            var id = transaction.Text(EntityKinds.FieldOf(kind));
            if (!id.IsEmpty)
            {
                var machine = _machines[(int)kind] ??= new EntityMachine(rules[kind], model[kind]);
                machine.TryRead(StateOf(kind, id), transaction, readings.Rules[kind], readings.Model[kind]);
            }
        }
    }

    /// <summary>Takes in a transaction that was decided.</summary>
    /// <param name="eventId">Its <see cref="TransactionHash"/>.</param>
    public void Evolve(Transaction transaction, ulong eventId)
    {
        _watermark = Math.Max(_watermark, transaction.TimestampTicks);
        foreach (var kind in _plans.Visited)
        {
            var id = transaction.Text(EntityKinds.FieldOf(kind));
            if (!id.IsEmpty)
            {
                StateOf(kind, id).Evolve(transaction, eventId, position: 0);
            }
        }
    }

    /// <summary>Takes in what a transaction turned out to be.</summary>
    /// <param name="eventId">That of the transaction.</param>
    public void Evolve(TransactionLabelled labelled, ulong eventId)
    {
        foreach (var kind in _plans.Visited)
        {
            var id = labelled.Entity(kind);
            if (!id.IsEmpty)
            {
                StateOf(kind, id).Evolve(labelled, eventId, position: 0);
            }
        }
    }

    private EntityState StateOf(EntityKind kind, ReadOnlySpan<byte> id)
    {
        Span<byte> key = stackalloc byte[EntityKey.BytesMax];
        key = key[..EntityKey.Write(kind, id, key)];
        var lookup = _states.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!lookup.TryGetValue(key, out var state))
        {
            if (_states.Count >= entitiesMax)
            {
                Drop();
            }

            state = new EntityState(_plans[kind]);
            _states.Add(key.ToArray(), state);
        }

        return state;
    }

    /// <summary>Drops what no window of a transaction at the watermark, or late by what is allowed, reaches back to.</summary>
    private void Drop()
    {
        foreach (var (key, state) in _states.ToList())
        {
            if (state.History.NewestTicks <= EventTime.Before(_watermark, state.History.Plan.KeptTicks))
            {
                _states.Remove(key);
            }
        }

        if (_states.Count >= entitiesMax - (entitiesMax / 128))
        {
            throw new TrialException($"More than {entitiesMax:N0} terminals, merchants, devices and counterparties have transactions within one window. Allow more (--accounts-max).");
        }
    }
}
