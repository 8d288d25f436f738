using System.Buffers;
using FraudEngine.Engine;

namespace FraudEngine.Ingress.Labels;

/// <summary>A line that is a label.</summary>
/// <param name="reader">Shared by the lines of one stream: they are read one after the other.</param>
internal sealed class LabelLine(StreamWindow window, DecisionEngine engine, LabelReader reader) : StreamLine(window)
{
    private GivenLabel _label;
    private LabelResult _result;

    public override Problem? Refusal => LabelProblem.Of(_result);

    public override Problem? Read(ReadOnlySpan<byte> json) => reader.Read(json, out _label);

    public override void Submit() => _ = AnswerAsync(engine.LabelAsync(_label.AccountId, _label.TransactionId, _label.IsFraud));

    public override void WriteAnswer(IBufferWriter<byte> output) => LabelJson.Write(output, _label, _result);

    protected override void Reset() => _result = LabelResult.None;

    private async Task AnswerAsync(Task<LabelResult> answer)
    {
        _result = await answer;
        Answer();
    }
}
