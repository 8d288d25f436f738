using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>A line that is a transaction.</summary>
internal sealed class TransactionLine : StreamLine, IReplyTo
{
    private readonly DecisionEngine _engine;
    private readonly TransactionReader _reader;
    private readonly TransactionEnvelope _envelope;

    /// <param name="reader">Shared by the lines of one stream: they are read one after the other.</param>
    public TransactionLine(StreamWindow window, DecisionEngine engine, TransactionReader reader)
        : base(window)
    {
        _engine = engine;
        _reader = reader;
        _envelope = new TransactionEnvelope(this);
    }

    public override Problem? Refusal => _envelope.Refusal == Domain.Refusal.None ? null : Problem.Of(_envelope.Refusal);

    public override Problem? Read(ReadOnlySpan<byte> json) =>
        !_reader.TryRead(json, _envelope.Transaction) ? Problem.Of(_reader.Problems)
        : _engine.IsTooFarAhead(_envelope.Transaction) ? Problem.Of(Domain.Refusal.TooFarAhead)
        : null;

    public override void Submit() => _engine.Submit(_envelope);

    public override void WriteAnswer(IBufferWriter<byte> output) => DecisionJson.Write(output, _envelope.Transaction, _envelope.Decision, _engine.Catalog);

    protected override void Reset() => _envelope.Reset();

    void IReplyTo.Completed(TransactionEnvelope envelope) => Answer();
}
