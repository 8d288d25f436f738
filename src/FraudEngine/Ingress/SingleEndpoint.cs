using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;
using FraudEngine.Engine;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress;

/// <summary><c>POST /v1/transactions</c> with one transaction: its decision is the answer.</summary>
internal sealed class SingleEndpoint(DecisionEngine engine, IngressSettings settings, ObjectPool<SingleExchange> exchanges)
{
    public async Task Handle(HttpContext context)
    {
        var exchange = exchanges.Get();
        var problem = await ReadAsync(context, exchange) ?? await DecideAsync(context, exchange);
        if (problem is null)
        {
            await WriteAsync(context, exchange);
        }
        else
        {
            await ProblemResponse.Write(context, problem);
        }

        // Not where something was thrown: then the engine may still hold the envelope.
        exchanges.Return(exchange);
    }

    private async ValueTask<Problem?> DecideAsync(HttpContext context, SingleExchange exchange)
    {
        var envelope = exchange.Reply.Envelope;
        if (engine.IsTooFarAhead(envelope.Transaction))
        {
            return Problem.Of(Refusal.TooFarAhead);
        }

        if (!engine.Admission.TryEnter() && !await engine.Admission.EnterAsync(settings.AdmissionWaitMax, context.RequestAborted))
        {
            return Problem.Overloaded;
        }

        await exchange.SubmitTo(engine);
        return envelope.Refusal == Refusal.None ? null : Problem.Of(envelope.Refusal);
    }

    private static async ValueTask<Problem?> ReadAsync(HttpContext context, SingleExchange exchange)
    {
        if (context.Request.ContentLength > TransactionReader.TextBytesMax)
        {
            return Problem.TooLarge;
        }

        var body = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(context.RequestAborted);
                if (read.Buffer.Length > TransactionReader.TextBytesMax)
                {
                    body.AdvanceTo(read.Buffer.End);
                    return Problem.TooLarge;
                }

                if (read.IsCompleted)
                {
                    var problem = Parse(read.Buffer, exchange);
                    body.AdvanceTo(read.Buffer.End);
                    return problem;
                }

                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException reason)
        {
            return reason.StatusCode == StatusCodes.Status413PayloadTooLarge ? Problem.TooLarge : Problem.CutOff;
        }
    }

    private static Problem? Parse(ReadOnlySequence<byte> text, SingleExchange exchange)
    {
        if (text.IsEmpty)
        {
            return Problem.Empty;
        }

        return exchange.TryRead(text.IsSingleSegment ? text.FirstSpan : text.ToArray()) ? null : Problem.Of(exchange.Reader.Problems);
    }

    private ValueTask<FlushResult> WriteAsync(HttpContext context, SingleExchange exchange)
    {
        exchange.WriteDecision(engine.Catalog);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = exchange.Body.WrittenCount;
        return context.Response.BodyWriter.WriteAsync(exchange.Body.WrittenMemory);
    }
}
