using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

/// <summary>One window over payments that come in the order given; the last one sees it.</summary>
internal static class WindowTable
{
    public static readonly WindowSettings Settings = new(1_000, 100, 1_000);

    public static Shown LastSees(WindowFunction function, TransactionField field, long length, params Payment[] payments)
    {
        var history = new EventHistory(new WindowPlan(Settings, [new WindowSpec(function, field, length)]));
        foreach (var payment in payments[..^1])
        {
            history.Add(payment.ToTransaction());
        }

        var reader = new WindowReader(history.Plan);
        reader.Begin(history, payments[^1].ToTransaction());
        return Read(reader, 0);
    }

    public static Shown Read(WindowReader reader, int slot)
    {
        var status = reader.Number(slot, out var number);
        reader.Text(slot, out var text);
        return new Shown(status, number, text);
    }
}
