using Monolith.BuildingBlocks.Kafka;
using static Monolith.BuildingBlocks.Kafka.FollowedPartition.Verdict;

namespace Monolith.BuildingBlocks.Tests.Live;

[Trait("Height", "Unit")]
public sealed class FollowedPartitionTests
{
    [Fact]
    public void Repeats_are_skipped_and_the_next_one_counts()
    {
        var partition = new FollowedPartition(5);
        new long[] { 3, 4, 5, 5, 4, 6 }.Select(partition.Judge).ShouldBe([Skip, Skip, Next, Skip, Skip, Next]);
        partition.Next.ShouldBe(7);
    }

    [Fact]
    public void One_that_is_missing_is_looked_for_from_the_start_once_and_never_passed_by()
    {
        var partition = new FollowedPartition(5);
        new long[] { 500, 0, 1, 2, 3, 4, 5, 500, 0, 1, 2, 3, 4, 5, 500, 501, 6 }.Select(partition.Judge).ShouldBe(
            [LookFromTheStart, Skip, Skip, Skip, Skip, Skip, Next, LookFromTheStart, Skip, Skip, Skip, Skip, Skip, Skip, Skip, Skip, Next]);
    }
}
