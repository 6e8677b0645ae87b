using System.Buffers;
using System.Text;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class SseTextTests
{
    [Fact]
    public void Message_is_lines_followed_by_an_empty_line() =>
        Written(into => SseText.Message(into, "7", "order.placed.v1", """{"a":"é😀"}"""u8))
            .ShouldBe("id: 7\nevent: order.placed.v1\ndata: {\"a\":\"é😀\"}\n\n");

    [Theory]
    [InlineData("{\n}", "data: {\ndata: }\n")]
    [InlineData("{\r\n}", "data: {\ndata: }\n")]
    [InlineData("{\r}", "data: {\ndata: }\n")]
    [InlineData("{}\n", "data: {}\ndata: \n")]
    [InlineData("\r\n\n\r", "data: \ndata: \ndata: \ndata: \n")]
    public void Line_end_in_the_data_starts_another_data_line(string data, string lines) =>
        Written(into => SseText.Message(into, null, "t", Encoding.UTF8.GetBytes(data))).ShouldBe($"event: t\n{lines}\n");

    [Fact]
    public void Line_end_in_a_field_is_replaced() =>
        Written(into => SseText.Message(into, null, "t\ndata: forged\r\n\r\nevent: x", "{}"u8)).Split('\n')
            .Count(line => line.StartsWith("data:", StringComparison.Ordinal)).ShouldBe(1);

    [Fact]
    public void Id_comment_and_retry_have_no_data()
    {
        Written(into => SseText.Id(into, "9")).ShouldBe("id: 9\n\n");
        Written(into => SseText.Comment(into, "heartbeat")).ShouldBe(": heartbeat\n\n");
        Written(into => SseText.Retry(into, TimeSpan.FromSeconds(1))).ShouldBe("retry: 1000\n\n");
    }

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var into = new ArrayBufferWriter<byte>();
        write(into);
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }
}
