using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>What the windows of the visited entities say, made by giving each entity a history of the payments that name it.</summary>
internal static class Entities
{
    /// <summary>As <paramref name="current"/> sees them.</summary>
    public static EntityValues After(IEnumerable<Transaction> earlier, Transaction current, WindowPlans plans)
    {
        var values = new EntityValues();
        values.SetMissing();
        foreach (var kind in plans.Visited)
        {
            var id = current.Text(EntityKinds.FieldOf(kind));
            if (id.IsEmpty)
            {
                continue;
            }

            var history = new EventHistory(plans[kind]);
            foreach (var transaction in earlier)
            {
                if (transaction.Text(EntityKinds.FieldOf(kind)).SequenceEqual(id))
                {
                    history.Add(transaction);
                }
            }

            var reader = new WindowReader(plans[kind]);
            reader.Begin(history, current);
            values[kind].Take(reader);
        }

        return values;
    }
}
