using System.Diagnostics;
using System.Text;
using FraudEngine.Egress.Webhooks;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>Signatures against the test vector of Standard Webhooks, and against a verifier that is not the engine's.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Body = """{"test": 2432232314}""";
    private const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_test_vector_of_the_specification_holds()
    {
        Assert.Equal(Expected, WebhookSignature.Of(Id, Timestamp, Encoding.UTF8.GetBytes(Body), [WebhookSecret.Read(Secret)!]));
        Assert.True(SpecVerifier.Holds(Secret, Id, Timestamp, Encoding.UTF8.GetBytes(Body), Expected));
        Assert.False(SpecVerifier.Holds(Secret, Id, "1614265331", Encoding.UTF8.GetBytes(Body), Expected));
    }

    [Fact]
    public void During_a_rotation_each_key_signs()
    {
        var other = WebhookSecret.Make();
        var signature = WebhookSignature.Of(Id, Timestamp, "{}"u8, [WebhookSecret.Read(other)!, WebhookSecret.Read(Secret)!]);
        Assert.Equal(2, signature.Split(' ').Length);
        Assert.All((string[])[Secret, other], secret => Assert.True(SpecVerifier.Holds(secret, Id, Timestamp, "{}"u8.ToArray(), signature)));
        Assert.False(SpecVerifier.Holds(WebhookSecret.Make(), Id, Timestamp, "{}"u8.ToArray(), signature));
    }

    [Fact]
    public async Task Python_s_hmac_makes_the_same_signature()
    {
        const string script = "import base64,hmac,sys;s,i,t,b=sys.argv[1:];print('v1,'+base64.b64encode(hmac.new(base64.b64decode(s[6:]),f'{i}.{t}.{b}'.encode(),'sha256').digest()).decode())";
        const string body = """{"text":"Grüße, 100 €"}""";
        var secret = WebhookSecret.Make();
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", script, secret, Id, Timestamp, body]) { RedirectStandardOutput = true })!;
        var signature = (await python.StandardOutput.ReadToEndAsync()).Trim();
        Assert.Equal(signature, WebhookSignature.Of(Id, Timestamp, Encoding.UTF8.GetBytes(body), [WebhookSecret.Read(secret)!]));
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool isSecret) =>
        Assert.Equal(isSecret, WebhookSecret.Read("whsec_" + Convert.ToBase64String(new byte[bytes])) is { Length: var length } && length == bytes);

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS*")]
    public void Anything_else_is_none(string secret) => Assert.Null(WebhookSecret.Read(secret));
}
