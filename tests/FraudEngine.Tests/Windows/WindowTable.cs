using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>One window over payments that come in the order given; the last one sees it.</summary>
internal static class WindowTable
{
    public static readonly WindowSettings Settings = new(1_000, 100, 1_000);

    public static Shown LastSees(WindowFunction function, TransactionField field, long length, params Payment[] payments) =>
        LastSees(new WindowSpec(function, field, length), payments);

    public static Shown LastSees(WindowSpec spec, params Payment[] payments)
    {
        var history = History(new WindowPlan(Settings, [spec]), payments[..^1]);
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, payments[^1].ToTransaction());
        return Read(reader, 0);
    }

    public static EventHistory History(WindowPlan plan, params Payment[] payments)
    {
        var history = new EventHistory(plan);
        foreach (var payment in payments)
        {
            history.Add(payment.ToTransaction());
        }

        return history;
    }

    public static Shown Read(WindowReader reader, int slot)
    {
        var status = reader.Number(slot, out var number);
        reader.Text(slot, out var text);
        return new Shown(status, number, text);
    }
}
