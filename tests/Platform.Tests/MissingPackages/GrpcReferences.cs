using System.Text;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>The real server and client of gRPC find in the stand-ins everything they were compiled against.</summary>
public sealed class GrpcReferences
{
    const string api = "Grpc.Core.Api";
    const string common = "Grpc.Net.Common";

    [Theory]
    [InlineData("Grpc.AspNetCore.Server", 70)]
    [InlineData("Grpc.Net.Client", 90)]
    public void Every_type_and_member_that_gRPC_takes_from_the_missing_packages_is_there(string user, int asksAtLeast)
    {
        ApiReferences.Missing(Image(user), (api, Image(api)), (common, Image(common))).ShouldBeEmpty();

        ApiReferences.Count(Image(user), api).ShouldBeGreaterThan(asksAtLeast);
        ApiReferences.Count(Image(user), common).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("Grpc.AspNetCore.Server")]
    [InlineData("Grpc.Net.Client")]
    public void The_runtime_loads_every_type_of_gRPC(string user) =>
        System.Reflection.Assembly.Load(user).GetTypes().ShouldNotBeEmpty();

    [Fact]
    public void An_assembly_that_lacks_everything_is_named_with_its_types_and_members()
    {
        var missing = ApiReferences.Missing(Image("Grpc.Net.Client"), (api, Image(common)));

        missing.ShouldContain("type Grpc.Core.Status");
        missing.ShouldContain("member Grpc.Core.Metadata::Add`0(String, String) : Void");
        missing.ShouldContain(line => line.StartsWith("identity Grpc.Core.Api, Version=2.0.0.0"));
    }

    [Fact]
    public void One_member_of_another_name_is_enough_to_fail()
    {
        var changed = Renamed(Image(api), "get_IsWaitForReady", "get_IsWaitForHeady");

        ApiReferences.Missing(Image("Grpc.Net.Client"), (api, changed))
            .ShouldBe(["member Grpc.Core.CallOptions::get_IsWaitForReady`0() : Boolean"]);
    }

    [Fact]
    public void A_base_method_of_another_name_leaves_an_override_without_a_base_and_an_abstract_method_without_one()
    {
        var changed = Renamed(Image(api), "set_WriteOptionsCore", "set_WriteOptionsBore");

        ApiReferences.Missing(Image("Grpc.AspNetCore.Server"), (api, changed)).ShouldBe([
            "override by Grpc.AspNetCore.Server.Internal.HttpContextServerCallContext of abstract Grpc.Core.ServerCallContext::set_WriteOptionsBore`0(Grpc.Core.WriteOptions) : Void",
            "virtual Grpc.Core.ServerCallContext::set_WriteOptionsCore`0(Grpc.Core.WriteOptions) : Void, which Grpc.AspNetCore.Server.Internal.HttpContextServerCallContext overrides",
        ]);
    }

    [Fact]
    public void What_is_internal_is_missing_for_all_but_the_server_of_gRPC()
    {
        var notAFriend = Renamed(Image("Grpc.AspNetCore.Server"), "Grpc.AspNetCore.Server\0", "Grpc.AspNetCore.Serval\0");

        ApiReferences.Missing(notAFriend, (api, Image(api)))
            .ShouldBe(["member Grpc.Core.ServerServiceDefinition::BindService`0(Grpc.Core.ServiceBinderBase) : Void"]);
    }

    static byte[] Image(string assembly) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));

    /// <summary>The names of members stand in the image as UTF-8, so one of the same length can take another's place.</summary>
    static byte[] Renamed(byte[] image, string name, string other)
    {
        var at = image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name));
        at.ShouldBePositive();
        Encoding.UTF8.GetBytes(other).CopyTo(image, at);
        return image;
    }
}
