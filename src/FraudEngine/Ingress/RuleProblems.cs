using System.Buffers;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>Answers that rules, or a model's file, have errors: a problem document with the place of each.</summary>
internal static class RuleProblems
{
    /// <param name="errors">Lines and columns count from 1; <c>Source</c> is the line that an error stands in.</param>
    public static Task Write(HttpContext context, IEnumerable<(int Line, int Column, string Message, string Source)> errors) =>
        Write(context, "invalid-rules", "Invalid rules", "The rules have errors. Nothing has changed.", errors);

    /// <summary>As <see cref="Write(HttpContext, IEnumerable{ValueTuple{int, int, string, string}})"/>, of a model's file.</summary>
    public static Task WriteOfModel(HttpContext context, IEnumerable<(int Line, int Column, string Message, string Source)> errors) =>
        Write(context, "invalid-model", "Invalid model", "The model's file has errors. Nothing has changed.", errors);

    private static Task Write(HttpContext context, string kind, string title, string detail, IEnumerable<(int Line, int Column, string Message, string Source)> errors)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", $"urn:fraudengine:problem:{kind}");
            json.WriteString("title", title);
            json.WriteNumber("status", StatusCodes.Status400BadRequest);
            json.WriteString("detail", detail);
            json.WriteStartArray("errors");
            foreach (var (line, column, message, source) in errors)
            {
                json.WriteStartObject();
                json.WriteNumber("line", line);
                json.WriteNumber("column", column);
                json.WriteString("message", message);
                json.WriteString("source", source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return ProblemResponse.Write(context, StatusCodes.Status400BadRequest, body);
    }
}
