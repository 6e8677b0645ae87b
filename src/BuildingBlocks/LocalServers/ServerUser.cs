using System.Globalization;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>The user that a server runs as: the current one, or an unprivileged one if that is root, which PostgreSQL refuses.</summary>
internal sealed class ServerUser
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    private readonly string[] setpriv;

    private ServerUser(string name, string owner, string[] setpriv)
    {
        Name = name;
        Owner = owner;
        this.setpriv = setpriv;
    }

    public string Name { get; }

    /// <summary><c>uid:gid</c> as chown takes it; empty for the current user.</summary>
    public string Owner { get; }

    public bool IsCurrent => Owner.Length == 0;

    public static ServerUser Current { get; } = new(Environment.UserName, "", []);

    /// <summary>Chooses the user. An existing folder of a cluster stays with its owner.</summary>
    public static async Task<ServerUser> ChooseAsync(string existingFolder, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
            return Current;
        if (!OperatingSystem.IsLinux())
            throw new LocalServerException("PostgreSQL does not run as root: run this as an ordinary user.");

        if (Directory.Exists(existingFolder))
        {
            var stat = await ProcessResult.RunAsync(["stat", "-c", "%u:%g", existingFolder], cancellation);
            if (stat.Succeeded && !stat.Output.StartsWith("0:", StringComparison.Ordinal))
                return Of($"the owner of {existingFolder}", stat.Output.Trim());
        }

        foreach (var name in Preferred)
        {
            var user = await ProcessResult.RunAsync(["id", "-u", name], cancellation);
            var group = await ProcessResult.RunAsync(["id", "-g", name], cancellation);
            if (user.Succeeded && group.Succeeded)
                return Of(name, string.Create(CultureInfo.InvariantCulture, $"{user.Output.Trim()}:{group.Output.Trim()}"));
        }

        throw new LocalServerException(
            "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it: run this as an ordinary user.");
    }

    /// <summary>The command line that runs the command as this user.</summary>
    public IReadOnlyList<string> Command(IEnumerable<string> command) =>
        IsCurrent ? [.. command] : [.. setpriv, "--", .. command];

    private static ServerUser Of(string name, string owner)
    {
        var ids = owner.Split(':');
        return new ServerUser(name, owner, ["setpriv", $"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups"]);
    }
}
