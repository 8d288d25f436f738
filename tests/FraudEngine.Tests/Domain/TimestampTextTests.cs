using System.Globalization;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Domain;

public sealed class TimestampTextTests
{
    [Fact]
    public void Any_instant_with_any_offset_is_read_as_the_framework_reads_it()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            var instant = new DateTimeOffset(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), offset);
            var text = instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
            Assert.Equal(FieldProblem.None, TimestampText.Read(Encoding.ASCII.GetBytes(text), out var ticks));
            Assert.Equal(instant.UtcTicks, ticks);
            Assert.Equal(FieldProblem.None, TimestampText.Read(Encoding.ASCII.GetBytes(TimestampText.Format(ticks)), out var again));
            Assert.Equal(ticks, again);
        }
    }

    [Fact]
    public void A_text_cut_anywhere_or_with_any_byte_replaced_is_refused_or_read_but_never_faults()
    {
        var text = "2026-06-01T10:00:00.123+02:00"u8.ToArray();
        for (var at = 0; at < text.Length; at++)
        {
            Assert.NotEqual(FieldProblem.None, TimestampText.Read(text.AsSpan(0, at), out _));
            for (var value = 0; value < 256; value++)
            {
                var changed = text.ToArray();
                changed[at] = (byte)value;
                if (TimestampText.Read(changed, out var ticks) != FieldProblem.None)
                {
                    Assert.Equal(0, ticks);
                }
            }
        }
    }
}
