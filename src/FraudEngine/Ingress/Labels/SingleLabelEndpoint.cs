using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress.Labels;

/// <summary><c>POST /v1/labels</c> with one label. Labels come by the thousand as a stream; one alone may cost what its buffers cost.</summary>
internal sealed class SingleLabelEndpoint(DecisionEngine engine, IngressSettings settings)
{
    private const string Hint = " Many labels go as application/x-ndjson, one per line.";

    public async Task Handle(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, TransactionReader.TextBytesMax, Hint);
        var label = default(GivenLabel);
        problem ??= body.IsEmpty ? LabelProblem.Empty : new LabelReader().Read(body.Span, out label);
        if (problem is null && !engine.Admission.TryEnter() && !await engine.Admission.EnterAsync(settings.AdmissionWaitMax, context.RequestAborted))
        {
            problem = Problem.Overloaded;
        }

        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
            return;
        }

        // From here on the label leaves the admission by itself, when it is answered.
        var result = await engine.LabelAsync(label.AccountId, label.TransactionId, label.IsFraud);
        await (LabelProblem.Of(result) is { } refusal ? ProblemResponse.Write(context, refusal) : WriteAsync(context, label, result));
    }

    private static async Task WriteAsync(HttpContext context, GivenLabel label, LabelResult result)
    {
        var body = new ArrayBufferWriter<byte>(256);
        LabelJson.Write(body, label, result);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory);
    }
}
