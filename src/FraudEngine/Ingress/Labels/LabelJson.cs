using System.Buffers;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress.Labels;

/// <summary>The answer to a label that was taken.</summary>
internal static class LabelJson
{
    /// <param name="result">Stored, or Unchanged.</param>
    public static void Write(IBufferWriter<byte> output, GivenLabel label, LabelResult result)
    {
        JsonText.Raw(output, "{\"transactionId\":"u8);
        JsonText.String(output, label.TransactionId);
        JsonText.Raw(output, ",\"accountId\":"u8);
        JsonText.String(output, label.AccountId);
        JsonText.Raw(output, label.IsFraud ? ",\"fraud\":true"u8 : ",\"fraud\":false"u8);
        JsonText.Raw(output, result == LabelResult.Stored ? ",\"changed\":true}"u8 : ",\"changed\":false}"u8);
    }
}
