using System.Buffers;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Egress;

/// <summary>One alert as a server-sent event, rendered once for all who receive it.</summary>
/// <param name="Position">Its position in the outbox.</param>
/// <param name="AccountId">The account whose customer it is for.</param>
/// <param name="Bytes">The event: <c>id</c> (the alert id), <c>event: alert</c>, <c>data</c> (the alert's JSON, which has no line breaks).</param>
internal sealed record AlertFrame(long Position, string AccountId, ReadOnlyMemory<byte> Bytes)
{
    private static ReadOnlySpan<byte> DataField => "\nevent: alert\ndata: "u8;

    private static ReadOnlySpan<byte> End => "\n\n"u8;

    /// <summary>The alert's JSON.</summary>
    public ReadOnlyMemory<byte> Json => Bytes[("id: "u8.Length + AlertId.TextBytes + DataField.Length)..^End.Length];

    public static AlertFrame Of(long position, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var frame = new ArrayBufferWriter<byte>(1024);
        frame.Write("id: "u8);
        frame.Write(Encoding.ASCII.GetBytes(AlertId.Of(transaction).ToString()));
        frame.Write(DataField);
        AlertJson.Write(frame, transaction, decision, catalog);
        frame.Write(End);
        return new AlertFrame(position, transaction.TextString(TransactionField.AccountId), frame.WrittenMemory.ToArray());
    }
}
