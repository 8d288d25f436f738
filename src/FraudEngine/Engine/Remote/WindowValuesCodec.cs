using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Remote;

/// <summary>What an entity's windows said, in bytes: the values of a plan that both ends have.</summary>
internal static class WindowValuesCodec
{
    public static void Write(IBufferWriter<byte> output, WindowPlan plan, WindowValues values)
    {
        // Where the plan has no windows, there is nothing to read.
        Varint.Write(output, (ulong)plan.Specs.Length);
        for (var slot = 0; slot < plan.Specs.Length; slot++)
        {
            var (number, text) = (0m, default(TextKey));
            var status = plan.Specs[slot].IsText ? values.Text(slot, out text) : values.Number(slot, out number);
            output.Write([(byte)status]);
            if (status == WindowStatus.Ok && plan.Specs[slot].IsText)
            {
                Varint.Write(output, text.Low);
                Varint.Write(output, text.High);
            }
            else if (status == WindowStatus.Ok)
            {
                DecimalBytes.Write(output, number);
            }
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ref ReadOnlySpan<byte> source, WindowPlan plan, WindowValues values)
    {
        if (Varint.Read(ref source) != (ulong)plan.Specs.Length)
        {
            throw new InvalidDataException("A visit brings back other windows than it asked for.");
        }

        if (plan.Specs.IsEmpty)
        {
            values.SetMissing();
            return;
        }

        values.Clear(plan.Specs.Length);
        for (var slot = 0; slot < plan.Specs.Length; slot++)
        {
            var status = (WindowStatus)TransactionBytes.ReadByte(ref source, (byte)WindowStatus.Unanswered);
            if (status != WindowStatus.Ok)
            {
                values.Set(slot, status);
            }
            else if (plan.Specs[slot].IsText)
            {
                values.Set(slot, 0, new TextKey(Varint.Read(ref source), Varint.Read(ref source)));
            }
            else
            {
                values.Set(slot, DecimalBytes.Read(ref source), default);
            }
        }
    }
}
