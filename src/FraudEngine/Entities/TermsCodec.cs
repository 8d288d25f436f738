using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Entities;

/// <summary>What stands for an account in bytes, as changes and snapshots hold it. The reading parts throw <see cref="InvalidDataException"/> where it is damaged.</summary>
internal static class TermsCodec
{
    private const byte HasNumber = 1;
    private const byte HasText = 2;
    private const int DecimalBytes = 4 * sizeof(int);

    public static void Write(IBufferWriter<byte> output, AccountTerms terms)
    {
        Varint.Write(output, (ulong)terms.Sequence);
        if (terms.IsNone)
        {
            return;
        }

        WriteHold(output, terms.Hold);
        Varint.Write(output, (ulong)terms.Patterns.Length);
        foreach (var pattern in terms.Patterns)
        {
            Varint.Write(output, pattern.Key.Low);
            Varint.Write(output, pattern.Key.High);
            Varint.WriteSigned(output, pattern.UntilTicks);
        }

        WriteActivity(output, terms.Activity);
    }

    public static AccountTerms Read(ref ReadOnlySpan<byte> source)
    {
        var sequence = (long)Varint.Read(ref source);
        if (sequence == 0)
        {
            return AccountTerms.None;
        }

        var hold = ReadHold(ref source);
        var count = Varint.ReadCount(ref source);
        var patterns = ImmutableArray.CreateBuilder<ConfirmedPattern>();
        for (; count > 0; count--)
        {
            var key = new TextKey(Varint.Read(ref source), Varint.Read(ref source));
            patterns.Add(new ConfirmedPattern(key, Varint.ReadSigned(ref source)));
        }

        return new AccountTerms(sequence, hold, patterns.DrainToImmutable(), ReadActivity(ref source));
    }

    /// <param name="hold">Null where the account is not held.</param>
    public static void WriteHold(IBufferWriter<byte> output, AccountHold? hold)
    {
        output.Write([(byte)(hold?.Outcome ?? Outcome.None)]);
        if (hold is not null)
        {
            WriteText(output, hold.By);
            WriteText(output, hold.Reason);
            Varint.WriteSigned(output, hold.AtTicks);
        }
    }

    public static AccountHold? ReadHold(ref ReadOnlySpan<byte> source) => (Outcome)ReadByte(ref source) switch
    {
        Outcome.None => null,
        Outcome.Review => new AccountHold(Outcome.Review, ReadText(ref source), ReadText(ref source), Varint.ReadSigned(ref source)),
        Outcome.Decline => new AccountHold(Outcome.Decline, ReadText(ref source), ReadText(ref source), Varint.ReadSigned(ref source)),
        _ => throw new InvalidDataException("A stored hold is damaged."),
    };

    public static void WriteActivity(IBufferWriter<byte> output, ImmutableArray<ChosenActivity> activity)
    {
        Varint.Write(output, (ulong)activity.Length);
        foreach (var chosen in activity)
        {
            WriteText(output, chosen.Id);
            output.Write([(byte)((chosen.Number is null ? 0 : HasNumber) | (chosen.Text is null ? 0 : HasText))]);
            if (chosen.Number is { } number)
            {
                WriteDecimal(output, number);
            }

            if (chosen.Text is { } text)
            {
                WriteText(output, text);
            }
        }
    }

    public static ImmutableArray<ChosenActivity> ReadActivity(ref ReadOnlySpan<byte> source)
    {
        var count = Varint.ReadCount(ref source);
        var activity = ImmutableArray.CreateBuilder<ChosenActivity>();
        for (; count > 0; count--)
        {
            var id = ReadText(ref source);
            var flags = ReadByte(ref source);
            decimal? number = (flags & HasNumber) == 0 ? null : ReadDecimal(ref source);
            activity.Add(new ChosenActivity(id, number, (flags & HasText) == 0 ? null : ReadText(ref source)));
        }

        return activity.DrainToImmutable();
    }

    public static void WriteText(IBufferWriter<byte> output, string text) => Varint.WriteBytes(output, Encoding.UTF8.GetBytes(text));

    public static string ReadText(ref ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(Varint.ReadBytes(ref source));

    public static byte ReadByte(ref ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            throw new InvalidDataException("What is stored of an account's changes is cut off.");
        }

        var value = source[0];
        source = source[1..];
        return value;
    }

    private static void WriteDecimal(IBufferWriter<byte> output, decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        var bytes = output.GetSpan(DecimalBytes);
        for (var i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], parts[i]);
        }

        output.Advance(DecimalBytes);
    }

    private static decimal ReadDecimal(ref ReadOnlySpan<byte> source)
    {
        if (source.Length < DecimalBytes)
        {
            throw new InvalidDataException("A stored number is cut off.");
        }

        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(source[(i * sizeof(int))..]);
        }

        source = source[DecimalBytes..];
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException damaged)
        {
            throw new InvalidDataException("A stored number is damaged.", damaged);
        }
    }
}
