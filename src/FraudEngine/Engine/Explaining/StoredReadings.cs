using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Explaining;

/// <summary>
/// What the entities said to a transaction, as far as the decision rests on it: that was stored with it, since what an entity knew at that moment depends on what
/// else was under way. A window that nobody asked has no value.
/// </summary>
internal static class StoredReadings
{
    public static EntityReadings Of(TransactionDecided stored, WindowPlans plans)
    {
        var readings = new EntityReadings();
        readings.SetMissing();
        foreach (var kind in plans.Visited)
        {
            if (stored.Decision.IsUnanswered(kind))
            {
                readings.SetUnanswered(kind);
            }
            else if (!stored.Transaction.Text(EntityKinds.FieldOf(kind)).IsEmpty)
            {
                Fill(readings.Rules[kind], stored.Features, plans.OffsetOf(kind), plans[kind].Specs.Length);
            }
        }

        return readings;
    }

    private static void Fill(WindowValues values, FeatureValues stored, int offset, int count)
    {
        values.Clear(count);
        foreach (var value in stored.Values)
        {
            if (value.Slot >= offset && value.Slot < offset + count)
            {
                values.Set(value.Slot - offset, value.Number, value.Text);
            }
        }
    }
}
