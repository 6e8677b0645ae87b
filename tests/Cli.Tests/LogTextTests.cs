using Monolith.Cli.Logs;
using Monolith.Cli.Output;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class LogTextTests
{
    [Fact]
    public void What_is_relayed_is_a_sum_where_this_host_relays_all() => RelayedOf(10, 5).ShouldBe("15");

    [Fact]
    public void Where_another_host_relays_the_rest_nothing_looks_behind() => RelayedOf(10, null).ShouldBe("10 of 10 in this host's 1 of 2 partitions");

    [Fact]
    public void Without_a_topic_nothing_is_said() => RelayedOf(null, null).ShouldBe("–");

    private static string RelayedOf(long? first, long? second)
    {
        var log = new LogEntry("orders.events", "orders", 15, null, null, [new LogPartitionEntry(0, 10, first), new LogPartitionEntry(1, 5, second)]);
        var table = LogText.List([log], withPartitions: false).Single().ShouldBeOfType<Block.Table>();
        return table.Rows.Single()[table.Columns.ToList().IndexOf("RELAYED")];
    }
}
