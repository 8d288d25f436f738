using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine.Remote;

/// <summary>What an account's windows say, in bytes.</summary>
internal static class ViewCodec
{
    private const byte NoView = 0;
    private const byte View = 1;
    private const byte Unavailable = 2;

    private const byte HasNumber = 1;
    private const byte HasText = 2;
    private const byte IsForgotten = 4;

    public static void Write(IBufferWriter<byte> output, AccountQuery query)
    {
        output.Write([query.IsUnavailable ? Unavailable : query.View is null ? NoView : View]);
        if (query.IsUnavailable || query.View is not { } view)
        {
            return;
        }

        Varint.WriteSigned(output, view.Transactions);
        Varint.WriteSigned(output, view.AsOfTicks);
        Varint.WriteSigned(output, view.NewestTicks);
        TermsCodec.Write(output, view.Terms);
        Varint.Write(output, (ulong)view.Windows.Length);
        foreach (var window in view.Windows)
        {
            output.Write([(byte)window.Field, (byte)((window.Number is null ? 0 : HasNumber) | (window.Text is null ? 0 : HasText) | (window.IsForgotten ? IsForgotten : 0))]);
            WriteText(output, window.Function);
            WriteText(output, window.Length);
            if (window.Number is { } number)
            {
                DecimalBytes.Write(output, number);
            }

            if (window.Text is { } text)
            {
                WriteText(output, text);
            }
        }
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static void Read(ref ReadOnlySpan<byte> source, AccountQuery query)
    {
        var kind = TransactionBytes.ReadByte(ref source, Unavailable);
        query.View = null;
        if (kind == Unavailable)
        {
            query.RefuseAsUnavailable();
        }
        else if (kind == View)
        {
            query.View = ReadView(ref source);
        }
    }

    private static AccountView ReadView(ref ReadOnlySpan<byte> source)
    {
        var transactions = Varint.ReadSigned(ref source);
        var asOf = Varint.ReadSigned(ref source);
        var newest = Varint.ReadSigned(ref source);
        var terms = TermsCodec.Read(ref source);
        var count = Varint.ReadCount(ref source);
        var windows = ImmutableArray.CreateBuilder<WindowReading>();
        for (; count > 0; count--)
        {
            var field = (TransactionField)TransactionBytes.ReadByte(ref source, byte.MaxValue);
            var flags = TransactionBytes.ReadByte(ref source, HasNumber | HasText | IsForgotten);
            var (function, length) = (ReadText(ref source), ReadText(ref source));
            decimal? number = (flags & HasNumber) == 0 ? null : DecimalBytes.Read(ref source);
            var text = (flags & HasText) == 0 ? null : ReadText(ref source);
            windows.Add(new WindowReading(function, field, length, number, text, (flags & IsForgotten) != 0));
        }

        return new AccountView(transactions, asOf, newest, windows.ToImmutable(), terms);
    }

    private static void WriteText(IBufferWriter<byte> output, string text) => TransactionBytes.WriteText(output, Encoding.UTF8.GetBytes(text));

    private static string ReadText(ref ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(TransactionBytes.ReadText(ref source));
}
