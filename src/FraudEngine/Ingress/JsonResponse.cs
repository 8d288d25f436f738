using System.Buffers;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>Answers a request with JSON that is written piece by piece.</summary>
internal static class JsonResponse
{
    public static Task Write(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        return context.Response.BodyWriter.WriteAsync(body.WrittenMemory).AsTask();
    }
}
