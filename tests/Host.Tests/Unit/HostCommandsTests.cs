namespace Monolith.Host.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class HostCommandsTests
{
    [Theory]
    [InlineData("--json")]
    [InlineData("orders")]
    [InlineData("--Log:Partitions", "32", "extra")]
    public async Task Migrate_refuses_words_that_are_no_settings(params string[] options) =>
        (await HostCommands.MigrateAsync(options)).ShouldBe(2);
}
