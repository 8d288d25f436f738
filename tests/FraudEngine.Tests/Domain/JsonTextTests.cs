using System.Buffers;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Domain;

public sealed class JsonTextTests
{
    [Fact]
    public void Any_text_reads_back_as_it_was()
    {
        var random = new Random(9);
        string[] pieces = ["a", "\"", "\\", "\u0000", "\n", "\u001f", "\u007f", "é", "\u2028", "😀", "/", "<", "ಠ", "\ue000", " "];
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]));
            var json = new ArrayBufferWriter<byte>();
            JsonText.String(json, Encoding.UTF8.GetBytes(text));
            Assert.Equal(text, JsonSerializer.Deserialize<string>(json.WrittenSpan));
        }
    }
}
